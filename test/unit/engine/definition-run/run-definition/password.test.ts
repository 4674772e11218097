import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInspect } from '../../../../../src/engine/jobs/inspect.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

describe('password of a definition', () => {
	const encrypted = (attributes: string) => ({ more: `<encryption aes_type="aes-128" ${attributes}/>` });

	it('comes from the variable, the file or the one who asks, and never stands in a log', async () => {
		const variable = setUp(encrypted('password_source="environment" password_name="PW"'));
		await expect(variable.run()).rejects.toMatchObject({ code: 'password-needed' });
		variable.ports.env = { PW: 'from the variable' };
		const { image } = await variable.run();
		expect((await runInspect(image.files[0]!, variable.machine.context)).encryption).toBe('aes-128');

		const file = join(tempFolder(), 'password');
		writeFileSync(file, 'from the file\r\nmore\n');
		const filed = setUp(encrypted(`password_source="file" password_name="${file}"`));
		await filed.run();
		filed.ports.readable.set(file, 'mode 644');
		await expect(filed.run()).rejects.toMatchObject({ code: 'permission-denied' });
		await filed.run({ password: 'from the file' });
		await expect(filed.run({ password: 'another one' })).rejects.toMatchObject({ code: 'wrong-password' });

		const asked = setUp(encrypted(''));
		await expect(asked.run()).rejects.toMatchObject({ code: 'password-needed' });
		await asked.run({ password: 'typed in' });
		for (const { said } of [variable, filed, asked]) expect(said().join('\n')).not.toMatch(/from the|typed in|another/);
	});

	it('that is not needed encrypts nothing', async () => {
		const { machine, run } = setUp();
		const { image } = await run({ password: 'typed in' });
		expect((await runInspect(image.files[0]!, machine.context)).encryption).toBe('none');
	});
});
