import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runInspect } from '../../../../src/engine/jobs/inspect.ts';
import { runListDisks } from '../../../../src/engine/jobs/list-disks.ts';
import { previewRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { smallFat } from '../../disk/small-volumes.ts';
import { setUp } from './set-up.ts';

it.each(['FAT12', 'FAT16', 'FAT32'] as const)('tells as much used of %s as its disk does', async (type) => {
	const machine = new FakeMachine(new MemoryDisk('/dev/fat', smallFat(type)));
	const [disk] = await runListDisks(['/dev/fat'], machine.context);
	const used = disk!.partitions[0]!.used;
	const { files } = await runBackup(imageRequest(tempFolder(), ['/dev/fat']), machine.context);
	const info = await runInspect(files[0]!, machine.context);
	expect(info.disks[0]!.partitions).toMatchObject([{ fileSystem: type, used }]);
	expect(used).toBeGreaterThan(512);
});

it('tells all of what has no known file system as used', async () => {
	const machine = new FakeMachine(new MemoryDisk('/dev/plain', new Uint8Array(2 ** 20).fill(7)));
	const { files } = await runBackup(imageRequest(tempFolder(), ['/dev/plain']), machine.context);
	const info = await runInspect(files[0]!, machine.context);
	expect(info.disks[0]!.partitions).toMatchObject([{ used: 2 ** 20 }]);
});

describe('the size of a target', () => {
	/** Ends of the partitions and what their table takes behind them, by which a page judges targets. */
	async function told(password?: string) {
		const { machine, folder } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake'], { password }), machine.context);
		const [image] = (await runInspect(files[0]!, machine.context)).disks;
		const end = Math.max(...image!.partitions.map(({ start, length }) => start + length));
		const restoreTo = (size: number) => {
			machine.disks.disks.push(new MemoryDisk('/dev/exact', new Uint8Array(size)));
			return previewRestore(restoreRequest(files[0]!, '/dev/exact', { password }), machine.context);
		};
		return { needed: end + image!.backupTableSize, restoreTo };
	}

	it.each([undefined, 'secret'])('is what a restore takes, to the byte (password %s)', async (password) => {
		const { needed, restoreTo } = await told(password);
		await expect(restoreTo(needed - 512)).rejects.toMatchObject({ code: 'target-too-small', details: { needed } });
	});

	it.each([undefined, 'secret'])('is no more than a restore takes (password %s)', async (password) => {
		const { needed, restoreTo } = await told(password);
		expect((await restoreTo(needed)).size).toBe(needed);
	});
});
