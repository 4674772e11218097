import { expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;
const header = Buffer.from('EFI PART');

/** A disk of so many bytes that has the beginning of a GPT header in its last sector, and no table. */
function diskOf(path: string, size: number, filler: number): MemoryDisk {
	const bytes = new Uint8Array(size).fill(filler);
	bytes.set(header, size - 512);
	return new MemoryDisk(path, bytes);
}

async function restored(target: MemoryDisk, more: { freeSpace?: 'discard' } = {}) {
	const machine = new FakeMachine(diskOf('/dev/fake', mebibyte, 0x11), target);
	const image = (await runBackup(imageRequest(tempFolder(), ['/dev/fake']), machine.context)).files[0]!;
	await runRestore(restoreRequest(image, '/dev/target', { verify: true, ...more }), machine.context);
	return machine.logs.map(({ message }) => message).join('\n');
}

it('what the image holds at the end is no older table', async () => {
	const target = diskOf('/dev/target', mebibyte, 0xee);
	expect(await restored(target)).not.toContain('older');
	expect(Buffer.from(target.bytes.subarray(mebibyte - 512, mebibyte - 504))).toEqual(header);
});

it('an older table behind what is restored is erased, also where it cannot be discarded', async () => {
	const target = diskOf('/dev/target', 2 * mebibyte, 0xee);
	expect(await restored(target, { freeSpace: 'discard' })).toContain('older GPT');
	expect(target.bytes.subarray(2 * mebibyte - 512, 2 * mebibyte - 504).every((byte) => byte === 0)).toBe(true);
	// Nothing else is.
	expect(target.bytes[2 * mebibyte - 504]).toBe(0xee);
	expect(target.bytes[2 * mebibyte - 513]).toBe(0xee);
	const { log } = target;
	const erasing = `write ${2 * mebibyte - 512} 8`;
	expect(log.indexOf(erasing)).toBe(0);
	expect(log.lastIndexOf(erasing)).toBeGreaterThan(log.findLastIndex((line) => line.startsWith('discard')));
});

it('a target that cannot be read there is restored all the same', async () => {
	const target = diskOf('/dev/target', 2 * mebibyte, 0xee);
	target.bad.add(2 * mebibyte - 510);
	expect(await restored(target)).not.toContain('older');
});
