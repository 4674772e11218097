import { describe, expect, it } from 'vitest';
import { runInspect } from '../../../../../src/engine/jobs/inspect.ts';
import { setUp } from './set-up.ts';

describe('running a definition', () => {
	it('makes the type that is asked for, else that of the definition, else what fits', async () => {
		const { run, write, said } = setUp();
		expect((await run()).image.backupType).toBe('full');
		expect((await run()).image.backupType).toBe('inc');
		expect((await run({ type: 'diff' })).image.backupType).toBe('diff');
		write({ more: '<backup_type>full</backup_type>' });
		expect((await run()).image.backupType).toBe('full');
		expect((await run({ type: 'inc' })).image.backupType).toBe('inc');
		expect(said().join()).toContain('no set with exactly these partitions: a full is made');
	});
});

describe('the image of a definition', () => {
	it('carries the whole definition, though never a password', async () => {
		const { machine, run } = setUp({ more: '<encryption aes_type="aes-256"/>' });
		const { image } = await run({ password: 'typed in' });
		const { json } = await runInspect(image.files[0]!, machine.context);
		expect(json).toMatchObject({
			_auxiliary_data: {
				backup_definition: { afterimage_xml: expect.stringContaining('aes_type="aes-256"') as string },
			},
		});
		expect(JSON.stringify(json)).not.toContain('typed in');
	});
});
