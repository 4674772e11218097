import { closeSync, openSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AfterimageError } from '../../../../src/base/errors.ts';
import { layoutOf } from '../../../../src/engine/disk-layout.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import type { RestoreRequest } from '../../../../src/engine/requests/restore.ts';
import { first, second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { setUp } from './set-up.ts';

/** A backup whose first block, 64 KiB of partition 1, is damaged. */
async function damaged() {
	const scene = setUp();
	const { files } = await runBackup(imageRequest(scene.folder, ['/dev/fake']), scene.machine.context);
	const fd = openSync(files[0]!, 'r+');
	writeSync(fd, Uint8Array.of(1, 2, 3, 4), 0, 4, 20);
	closeSync(fd);
	const same = (start: number, end: number) =>
		Buffer.compare(scene.target.bytes.subarray(start, end), scene.disk.bytes.subarray(start, end)) === 0;
	return { ...scene, file: files[0]!, same };
}

const lost = { start: first.start, end: first.start + 65536 };

describe('a restore of a damaged image', () => {
	it('ends at the bad block, and says what the target holds now', async () => {
		const { file, restore, target, disk } = await damaged();
		const adviceOf = async (more: Partial<RestoreRequest>) => {
			const error: unknown = await restore(file, more).catch((thrown: unknown) => thrown);
			expect(error).toMatchObject({ code: 'image-damaged' });
			return (error as AfterimageError).advice;
		};
		const whole = await adviceOf({});
		expect(whole).toContain('/dev/target holds half a restore and no valid partition table.');
		expect(whole).toContain('--skip-bad-blocks');
		target.bytes.set(disk.bytes);
		expect(await adviceOf({ partitions: [1] })).toContain('/dev/target holds half a restore.');
	});

	it('goes on when it is to, with zeros for the block, which is named', async () => {
		const { file, restore, target, same } = await damaged();
		const result = await restore(file, { skipBadBlocks: true });
		expect(result.bad).toEqual([expect.objectContaining({ partition: 1, block: 0, start: 0, end: 65536, file })]);
		expect(result.writtenBlocks).toBe(result.blocks - 1);
		expect(result.verifiedBlocks).toBe(result.blocks - 1);
		expect(target.bytes.subarray(lost.start, lost.end).every((byte) => byte === 0)).toBe(true);
		expect(same(lost.end, second.start + second.length)).toBe(true);
		expect((await layoutOf(target.open(), target.open())).partitions).toHaveLength(2);
	});

	it('loses nothing when it writes only what differs and the target holds the block', async () => {
		const { file, restore, target, disk, same, machine } = await damaged();
		target.bytes.set(disk.bytes.subarray(0, second.start + second.length));
		const result = await restore(file, { skipBadBlocks: true, delta: true });
		expect(result.bad).toEqual([]);
		expect(result.verifiedBlocks).toBe(result.blocks);
		expect(same(first.start, second.start + second.length)).toBe(true);
		expect(machine.logs.map(({ message }) => message).join()).toContain('block 0 is damaged, but the target holds it');
		target.bytes[lost.start + 5]! ^= 1;
		expect((await restore(file, { skipBadBlocks: true, delta: true })).bad).toHaveLength(1);
		expect(target.bytes[lost.start]).toBe(0);
	});
});
