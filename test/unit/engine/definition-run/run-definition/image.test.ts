import { describe, expect, it } from 'vitest';
import { fromImageDefinition } from '../../../../../src/definition/from-image.ts';
import { runInspect } from '../../../../../src/engine/jobs/inspect.ts';
import { sampleDiskGuid } from '../../../../support/fakes/sample-disk.ts';
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

	it('names the disks in it, also where the definition names a raw file', async () => {
		const { machine, run } = setUp({ sources: '<raw_file path="/dev/fake"/>' });
		const { image } = await run();
		const { json } = await runInspect(image.files[0]!, machine.context);
		const { backup_definition: carried } = (json as { _auxiliary_data: { backup_definition: { disks: unknown } } })
			._auxiliary_data;
		expect(carried.disks).toEqual([{ number: 0, partitions: [1, 2], signature: sampleDiskGuid }]);
		expect(fromImageDefinition(carried, 'x').sources).toMatchObject({ disks: [], rawFiles: [{ path: '/dev/fake' }] });
	});
});
