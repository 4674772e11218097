import { closeSync, openSync, writeSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { FatBootSector } from '../../../../src/disk/fat/structures.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { previewRestore, runRestore } from '../../../../src/engine/jobs/restore.ts';
import type { RestoreRequest } from '../../../../src/engine/requests/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { smallFat } from '../../disk/small-volumes.ts';

const mebibyte = 2 ** 20;
/** Of the imaged disk; the first holds FAT that knows where it lies, the second bytes of no file system. */
const sources = [
	{ start: mebibyte, length: mebibyte },
	{ start: 2 * mebibyte, length: mebibyte / 2 },
];
/** Of the target. */
const there = [
	{ start: mebibyte, length: mebibyte / 2 },
	{ start: 2 * mebibyte, length: 2 * mebibyte },
	{ start: 5 * mebibyte, length: mebibyte },
];
const [, larger, last] = there as [(typeof there)[0], (typeof there)[0], (typeof there)[0]];

function setUp() {
	const bytes = gptBytes(4 * mebibyte, sources);
	const volume = smallFat('FAT12');
	new FatBootSector(volume).hiddenSectors = mebibyte / 512;
	bytes.set(volume, mebibyte);
	const disk = new MemoryDisk('/dev/fake', bytes);
	const target = new MemoryDisk('/dev/target', gptBytes(8 * mebibyte, there));
	const empty = new MemoryDisk('/dev/volume', new Uint8Array(2 * mebibyte).fill(0xee));
	const machine = new FakeMachine(disk, target, empty);
	return { disk, volume, target, empty, machine, before: target.bytes.slice() };
}

/** Compared at once: a difference of millions of bytes is not to be printed. */
const equal = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

let scene: ReturnType<typeof setUp>;
let image: string;

beforeEach(async () => {
	scene = setUp();
	image = (await runBackup(imageRequest(tempFolder(), ['/dev/fake'], { allSectors: true }), scene.machine.context))
		.files[0]!;
});

const restore = (more: Partial<RestoreRequest>, to = '/dev/target') =>
	runRestore(restoreRequest(image, to, more), scene.machine.context);
const into = (number: number, from = 1) => ({ partitions: [from], into: { kind: 'partition' as const, number } });

/** Nothing of the target has changed but in a partition. */
function expectOutside({ start, length }: { start: number; length: number }): void {
	const { target, before } = scene;
	expect(equal(target.bytes.subarray(0, start), before.subarray(0, start))).toBe(true);
	expect(equal(target.bytes.subarray(start + length), before.subarray(start + length))).toBe(true);
}

/** What the volume is like at a place. */
function volumeAt(start: number): Uint8Array {
	const expected = scene.volume.slice();
	new FatBootSector(expected).hiddenSectors = start / 512;
	return expected;
}

describe('a partition that goes into another', () => {
	it('is told its new place, and nothing outside of it is written', async () => {
		const { target, volume, machine } = scene;
		await restore(into(2));
		expect(equal(target.bytes.subarray(larger.start, larger.start + volume.length), volumeAt(larger.start))).toBe(true);
		expectOutside(larger);
		expect(target.log).not.toContain('reread partitions');
		const said = machine.logs.map(({ message }) => message).join('\n');
		expect(said).toContain('FAT12 is told its new place');
		expect(said).toContain('Partition 2 of /dev/target is 1.00 MB larger than what is restored to it (FAT12)');
		expect(said).toContain('Partition 2 has the type Linux filesystem, which stays');
	});

	it('is right when only what differs is written, as often as that is done', async () => {
		const { target, volume } = scene;
		await restore(into(3));
		await restore({ ...into(3), delta: true });
		expect(equal(target.bytes.subarray(last.start, last.start + volume.length), volumeAt(last.start))).toBe(true);
		expectOutside(last);
	});

	it.each([0x1c, 0x0b, 0x1fe])('is told by its read-back when byte %i of its boot sector does not keep', async (at) => {
		const { target } = scene;
		const open = target.open.bind(target);
		target.open = () => {
			const opened = open();
			const refresh = () => (target.bytes[last.start + at]! ^= 1);
			return { ...opened, refresh };
		};
		await expect(restore(into(3))).rejects.toMatchObject({ code: 'write-error' });
	});

	it('has all of that partition cleared of what it had, and no more', async () => {
		const { target, volume } = scene;
		await restore({ ...into(2), freeSpace: 'zero' });
		const behind = larger.start + mebibyte;
		expect(target.bytes.subarray(behind, behind + mebibyte).every((byte) => byte === 0)).toBe(true);
		expect(equal(target.bytes.subarray(larger.start, larger.start + volume.length), volumeAt(larger.start))).toBe(true);
		expectOutside(larger);
	});

	it('is written through the system’s own device of that partition, if there is one', async () => {
		const { disk, before } = scene;
		const node = { path: '/dev/target3', ...last };
		const target = new MemoryDisk('/dev/target', before.slice(), { partitions: [node] });
		const part = new MemoryDisk(node.path, new Uint8Array(last.length).fill(0xee));
		const machine = new FakeMachine(disk, target, part);
		const request = restoreRequest(image, '/dev/target', into(3));
		const told = await previewRestore(request, machine.context);
		expect(told.partitions).toMatchObject([{ from: mebibyte, start: last.start, room: last.length }]);
		expect(told).toMatchObject({ target: '/dev/target', size: 8 * mebibyte, table: undefined });
		await runRestore(request, machine.context);
		expect(target.log).toEqual([]);
		expect(equal(part.bytes.subarray(0, scene.volume.length), volumeAt(last.start))).toBe(true);
		// One of another length is none of the table that was read.
		const stale = { ...node, length: last.length / 2 };
		const other = new MemoryDisk('/dev/target', before.slice(), { partitions: [stale] });
		await runRestore(request, new FakeMachine(disk, other, part).context);
		expect(equal(other.bytes.subarray(last.start, last.start + scene.volume.length), volumeAt(last.start))).toBe(true);
	});

	it('may be neighbour to what the system uses, but not be used itself', async () => {
		const { machine, target } = scene;
		machine.volumes.uses.set('/dev/target', [mountAt('/two', larger.start, larger.length)]);
		await restore(into(3));
		target.log.splice(0);
		await expect(restore(into(2))).rejects.toMatchObject({ code: 'target-in-use' });
		expect(target.log).toEqual([]);
	});

	it.each([
		[into(9), 'invalid-argument', 'has no partition 9; it has 1, 2, 3'],
		[into(1), 'target-too-small', '1048576 bytes (1.00 MB) are needed'],
		[{ ...into(2), newDiskId: true }, 'invalid-argument', 'no new disk id'],
		[{ ...into(2), grow: 1 }, 'invalid-argument', 'no partition can grow'],
		[{ ...into(2), partitions: [1, 2] }, 'invalid-argument', 'takes one partition, not 2'],
		[{ ...into(2), partitions: undefined }, 'invalid-argument', 'takes one partition, not 2'],
		[into(2, 7), 'invalid-argument', 'it has 1, 2'],
	] as const)('is refused before anything is written: %j', async (more, code, message) => {
		const { target, before } = scene;
		const said = expect.stringContaining(message) as string;
		await expect(restore(more)).rejects.toMatchObject({ code, message: said });
		expect(equal(target.bytes, before)).toBe(true);
		await expect(
			previewRestore(restoreRequest(image, '/dev/target', more), scene.machine.context),
		).rejects.toMatchObject({ code, message: said });
	});

	it('is refused where there is no table, and when the table changes meanwhile', async () => {
		const { target, empty } = scene;
		await expect(restore(into(1), '/dev/volume')).rejects.toMatchObject({ code: 'invalid-argument' });
		expect(empty.log).toEqual([]);
		const open = target.open.bind(target);
		let opened = 0;
		target.open = () => {
			if (opened++ === 1) target.bytes.set(gptBytes(8 * mebibyte, [there[0]!, last, larger]));
			return open();
		};
		await expect(restore(into(3))).rejects.toMatchObject({ code: 'target-in-use' });
		expect(target.log).toEqual([]);
		expect(target.openCount).toBe(0);
	});
});

describe('a damaged boot sector', () => {
	beforeEach(() => {
		const fd = openSync(image, 'r+');
		writeSync(fd, Uint8Array.of(1, 2, 3, 4), 0, 4, 20);
		closeSync(fd);
	});

	it('ends the restore before anything is written', async () => {
		const { target } = scene;
		const advice = expect.stringContaining('--skip-bad-blocks') as string;
		await expect(restore(into(2))).rejects.toMatchObject({ code: 'image-damaged', advice });
		expect(target.log).toEqual([]);
	});

	it('is told no place when all else is to be restored', async () => {
		const { target, machine } = scene;
		const result = await restore({ ...into(2), skipBadBlocks: true });
		expect(result.bad).toHaveLength(1);
		expect(target.bytes.subarray(larger.start, larger.start + 512).every((byte) => byte === 0)).toBe(true);
		expectOutside(larger);
		expect(machine.logs.map(({ message }) => message).join()).toContain('it is not told its new place');
	});
});

it('a partition at its own place that is larger there is cleared as a whole, and said to be larger', async () => {
	const { target, machine } = scene;
	target.bytes.set(gptBytes(8 * mebibyte, [{ start: mebibyte, length: 3 * mebibyte }, there[2]!]));
	const before = target.bytes.slice();
	await restore({ partitions: [1], freeSpace: 'zero' });
	expect(equal(target.bytes.subarray(mebibyte, mebibyte + scene.volume.length), scene.volume)).toBe(true);
	expect(target.bytes.subarray(2 * mebibyte, 4 * mebibyte).every((byte) => byte === 0)).toBe(true);
	expect(equal(target.bytes.subarray(4 * mebibyte), before.subarray(4 * mebibyte))).toBe(true);
	expect(machine.logs.map(({ message }) => message).join()).toContain('Partition 1 is 2.00 MB larger');
});

describe('a partition that becomes a volume', () => {
	const volume = { partitions: [1], into: { kind: 'volume' as const } };

	it('begins where that does, and lies in no partition by its own account', async () => {
		const { empty, machine } = scene;
		await restore({ ...volume, freeSpace: 'zero' }, '/dev/volume');
		expect(equal(empty.bytes.subarray(0, scene.volume.length), volumeAt(0))).toBe(true);
		expect(empty.bytes.subarray(mebibyte).every((byte) => byte === 0)).toBe(true);
		expect(machine.logs.map(({ message }) => message).join()).toContain('/dev/volume is 1.00 MB larger');
	});

	it('knows where the partition begins whose device it is', async () => {
		const { machine, empty } = scene;
		machine.disks.nodes.set('/dev/target2', { disk: '/dev/target', node: { path: '/dev/volume', ...larger } });
		const grown = restore({ partitions: [1], grow: 1 }, '/dev/target2');
		await expect(grown).rejects.toMatchObject({ message: expect.stringContaining('is a partition') as string });
		await restore({ partitions: [1] }, '/dev/target2');
		expect(equal(empty.bytes.subarray(0, scene.volume.length), volumeAt(larger.start))).toBe(true);
	});

	it.each([
		[volume, '/dev/target', 'invalid-argument', 'is no volume: it has a partition table (partitions 1, 2, 3)'],
		[{ ...volume, partitions: undefined }, '/dev/volume', 'invalid-argument', 'takes one partition, not 2'],
		[{ ...volume, newDiskId: true }, '/dev/volume', 'invalid-argument', 'no new disk id'],
	] as const)('is refused before anything is written: %j to %s', async (more, to, code, message) => {
		const said = expect.stringContaining(message) as string;
		await expect(restore(more, to)).rejects.toMatchObject({ code, message: said });
		expect([...scene.target.log, ...scene.empty.log]).toEqual([]);
	});
});

describe('a partition that grows', () => {
	it('is of the image, among what is restored, and in a table that is written', async () => {
		const { target, before } = scene;
		await expect(restore({ grow: 7 })).rejects.toMatchObject({
			message: expect.stringContaining('has 1, 2') as string,
		});
		await expect(restore({ grow: 2, partitions: [1] })).rejects.toMatchObject({ code: 'invalid-argument' });
		target.bytes.set(gptBytes(8 * mebibyte, sources));
		const kept = restore({ grow: 1, partitions: [1] });
		await expect(kept).rejects.toMatchObject({
			message: expect.stringContaining('keeps its partition table') as string,
		});
		target.bytes.set(before);
		const { partitions, table, notes } = await previewRestore(
			restoreRequest(image, '/dev/target', { grow: 2 }),
			scene.machine.context,
		);
		expect(partitions.map(({ length, room }) => [length, room])).toEqual([
			[mebibyte, mebibyte],
			[mebibyte / 2, 5 * mebibyte],
		]);
		expect(table?.partitions[1]).toEqual({ number: 2, offset: 2 * mebibyte, length: 5 * mebibyte });
		expect(notes.join()).toContain('Partition 2 is 4.50 MB larger');
		expect(equal(target.bytes, before)).toBe(true);
	});
});
