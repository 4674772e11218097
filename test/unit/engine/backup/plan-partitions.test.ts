import { expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { mbrOfSwap } from '../../../support/fakes/nameless-disks.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { smallFat } from '../../disk/small-volumes.ts';

const mebibyte = 2 ** 20;

/** Images a disk, restores it to one full of other bytes, and gives what that has then. */
async function restored(bytes: Uint8Array) {
	const target = new MemoryDisk('/dev/target', new Uint8Array(bytes.length).fill(0xee));
	const machine = new FakeMachine(new MemoryDisk('/dev/fake', bytes), target);
	const { files } = await runBackup(imageRequest(tempFolder(), ['/dev/fake']), machine.context);
	await runRestore(restoreRequest(files[0]!, '/dev/target'), machine.context);
	const logs = machine.logs.map((log) => `${log.level}: ${log.message}`);
	return { target: target.bytes, whole: logs.find((log) => log.includes('stored whole')) };
}

it('what lies behind a file system goes into the image too, up to the end of its partition', async () => {
	const bytes = mbrOfSwap(1);
	// Swap of the first half of its partition.
	new DataView(bytes.buffer).setUint32(mebibyte + 1028, 127, true);
	bytes.fill(0xab, mebibyte + 65536);
	const { target, whole } = await restored(bytes);
	const half = mebibyte + mebibyte / 2;
	expect(whole).toBeUndefined();
	expect(Buffer.compare(target.subarray(half), bytes.subarray(half))).toBe(0);
	expect(target.subarray(mebibyte + 65536, half).every((byte) => byte === 0xee)).toBe(true);
});

it('a file system whose own map is damaged is stored whole, and the log says why', async () => {
	const bytes = mbrOfSwap(1);
	bytes.fill(0xab, mebibyte);
	const fat = smallFat('FAT12');
	bytes.set(fat, mebibyte);
	// The second copy of the FAT says something else of cluster 6.
	const second = (2 + Math.ceil((502 * 12) / 8 / 512)) * 512;
	bytes[mebibyte + second + 9]! ^= 1;
	const { target, whole } = await restored(bytes);
	expect(whole).toMatch(/^warning: Partition 1 of \/dev\/fake \(FAT12\) is stored whole: .*FAT 2 differs from FAT 1/);
	expect(Buffer.compare(target.subarray(mebibyte), bytes.subarray(mebibyte))).toBe(0);
});
