import { expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runInspect } from '../../../../src/engine/jobs/inspect.ts';
import { runListDisks } from '../../../../src/engine/jobs/list-disks.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { smallFat } from '../../disk/small-volumes.ts';

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
