import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runInspect } from '../../../../../src/engine/jobs/inspect.ts';
import { setUp } from './set-up.ts';

describe('running a definition', () => {
	it('refuses a definition that is not valid, with file, line and column', async () => {
		const { ports, definition, images, run } = setUp({ more: '<compression_level>extreme</compression_level>' });
		const error = await run().catch((caught: unknown) => caught as Error & { code: string });
		expect(error).toMatchObject({ code: 'invalid-definition' });
		expect((error as Error).message).toMatch(new RegExp(`^${definition}:6:\\d+: error schema-[a-z-]+: `));
		expect(readdirSync(images)).toEqual([]);
		expect(ports.log).toEqual([]);
		writeFileSync(definition, Buffer.from([0x3c, 0x61, 0xff, 0x3e]));
		await expect(run()).rejects.toMatchObject({ code: 'invalid-definition' });
		await expect(run({ definition: '/nowhere.xml' })).rejects.toMatchObject({ code: 'source-missing' });
	});

	it('is titled by the name of the definition, not by that of its file', async () => {
		const { run, titles } = setUp();
		await run();
		expect(titles).toEqual(['Back up My PC']);
	});

	it('reads what it has found to be written by nobody else, and nothing that was there before', async () => {
		const { machine, ports, write, run } = setUp({ more: '<comment>of a stranger</comment>' });
		ports.permissions.writableByOthers = () => {
			write({ more: '<comment>of the owner</comment>' });
			return undefined;
		};
		const { image } = await run();
		expect((await runInspect(image.files[0]!, machine.context)).file.comment).toBe('of the owner');
	});
});
