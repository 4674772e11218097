import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SetWalk, type TrackedPartition } from '../../../../src/engine/verify/set-walk.ts';
import type { BackupSet } from '../../../../src/image/set/backup-set.ts';
import { openImageFolder } from '../../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../../src/image/set/scan-folder.ts';
import { codec } from '../../image/backups.ts';
import { makeSet, type Step } from './sets-on-disk.ts';

const { signal } = new AbortController();

async function walkThrough(steps: readonly Step[], change: (set: BackupSet) => BackupSet = (set) => set) {
	const { folder, files } = await makeSet(steps);
	const images = openImageFolder(folder);
	const { sets } = await scanFolder(images, { codec });
	const set = change(sets[0]!);
	return { files, points: set.points, walk: new SetWalk(images, set, codec) };
}

const unread = (partitions: readonly TrackedPartition[]) =>
	partitions.map(({ blocks, reserved }) => [[...blocks.unread()], [...reserved.unread()]]);

/** As if the data of the file in this place ended at its first byte. */
const cut = (place: number) => (set: BackupSet) => ({
	...set,
	members: set.members.map((member, i) => (i === place ? { ...member, dataEnd: 1 } : member)),
});

describe('the way through a set', () => {
	it('reads of each backup what it brings itself', async () => {
		const { points, walk } = await walkThrough([
			{ type: 'full', changes: [] },
			{ type: 'inc', changes: [[3, 1]] },
			{ type: 'diff', changes: [[5, 1]] },
		]);
		const [first] = await walk.advance(points[0]!, undefined, signal);
		expect(unread([first!])).toEqual([[[0, 1, 2, 3, 4, 5, 6, 7], [0]]]);
		first!.blocks.settle([]);
		expect(unread(await walk.advance(points[1]!, undefined, signal))).toEqual([[[3], [0]]]);
		expect(unread(await walk.advance(points[2]!, undefined, signal))).toEqual([[[3, 5], [0]]]);
	});

	it.each([
		['a full', 'Block 0', 0, [] as Step[]],
		['an incremental', 'Block 3', 1, [{ type: 'inc', changes: [[3, 1]] }] as Step[]],
		['an incremental without a change', 'Reserved block 0', 1, [{ type: 'inc', changes: [] }] as Step[]],
	])('checks the index of %s', async (_, what, place, more) => {
		const { points, walk } = await walkThrough([{ type: 'full', changes: [] }, ...more], cut(place));
		for (const point of points.slice(0, place)) await walk.advance(point, undefined, signal);
		const message = expect.stringMatching(`: ${what} at byte \\d+: expected an end of at most 1,`) as string;
		const advance = walk.advance(points[place]!, undefined, signal);
		await expect(advance).rejects.toMatchObject({ code: 'image-damaged', message });
	});

	it('goes on behind an index that cannot be read with the next that is complete', async () => {
		const { files, points, walk } = await walkThrough([
			{ type: 'full', changes: [] },
			{ type: 'inc', changes: [[3, 1]] },
			{ type: 'inc', changes: [[4, 1]] },
			{ type: 'diff', changes: [[5, 1]] },
		]);
		// The elements follow the data and the disk's metadata; the block of one is changed.
		const bytes = readFileSync(files[1]!);
		const element = bytes.lastIndexOf('$INDEX') + 32 + 4 + 30 + 4;
		bytes[element + 30]! ^= 1;
		writeFileSync(files[1]!, bytes);
		const damaged = { code: 'image-damaged', message: expect.stringContaining(files[1]!) as string };
		const [first] = await walk.advance(points[0]!, undefined, signal);
		first!.blocks.settle([]);
		walk.keepFull(points[0]!, signal);
		await expect(walk.advance(points[1]!, undefined, signal)).rejects.toMatchObject(damaged);
		await expect(walk.advance(points[2]!, undefined, signal)).rejects.toMatchObject(damaged);
		expect(unread(await walk.advance(points[3]!, undefined, signal))).toEqual([[[3, 4, 5], [0]]]);
	});
});
