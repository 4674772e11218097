import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiskLayout } from '../../../../src/disk/partition-table/layout.ts';
import { readDiskLayout } from '../../../../src/disk/partition-table/read-layout.ts';
import { planTable } from '../../../../src/engine/restore/table/plan-table.ts';
import type { TableOptions, TablePlan } from '../../../../src/engine/restore/table/table-plan.ts';
import type { ManifestDisk } from '../../../../src/image/manifest.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { mbrSector, type SmallEntry } from '../../disk/small-disks.ts';
import { diskEntry, type Place } from './disk-entry.ts';

const mebibyte = 2 ** 20;
type Records = Readonly<Record<number, readonly SmallEntry[]>>;

/** @param shrink MiB that partitions are to have, by the MiB at which they begin */
async function packed(
	disk: ManifestDisk,
	track0: Uint8Array,
	targetSize: number,
	shrink: Readonly<Record<number, number>>,
	more: Partial<TableOptions> = {},
	ept: Records = {},
): Promise<{ places: Place[]; layout: DiskLayout; plan: TablePlan }> {
	const records = Object.entries(ept).map(([lba, entries]) => ({
		diskOffset: Number(lba) * 512,
		sector: mbrSector(entries),
		partitionNumber: 0,
	}));
	const lengths = new Map(
		Object.entries(shrink).map(([start, length]) => [Number(start) * mebibyte, length * mebibyte]),
	);
	const options = { newIds: undefined, only: undefined, grow: undefined, shrink: lengths, ...more };
	const plan = await planTable(disk, { track0, ept: records }, { targetSize: targetSize * mebibyte, ...options });
	const layout = await readDiskLayout(written(plan, targetSize * mebibyte), 512);
	expect(layout.warnings).toEqual([]);
	const places = layout.partitions.map(({ start, length }): Place => [start / mebibyte, length / mebibyte]);
	expect(plan.partitions.map(({ start, length }) => [start / mebibyte, length / mebibyte])).toEqual(places);
	return { places, layout, plan };
}

/** What a plan writes, as a disk. */
function written({ writes }: TablePlan, size: number) {
	return {
		size,
		async read(offset: number, target: Uint8Array) {
			target.fill(0);
			for (const { offset: at, data } of writes.toSorted((a, b) => a.offset - b.offset)) {
				const from = Math.max(offset, at);
				const to = Math.min(offset + target.length, at + data.length);
				if (to > from) target.set(data.subarray(from - at, to - at), from - offset);
			}
		},
	};
}

function gptOf(size: number, places: readonly Place[]): Uint8Array {
	return gptBytes(
		size * mebibyte,
		places.map(([start, length]) => ({ start: start * mebibyte, length: length * mebibyte })),
	);
}

describe('a GPT of which partitions become smaller', () => {
	const places: readonly Place[] = [[1, 2], [3, 5], [10, 4], [14.5, 1.5]]; // prettier-ignore
	const track0 = gptOf(17, places).slice(0, mebibyte);
	const disk = diskEntry('gpt', 17 * mebibyte, places);

	it('has what lies behind the first of them at the next whole MiB, and the rest in its place', async () => {
		const { places: now, plan } = await packed(disk, track0, 12, { 3: 2 });
		expect(now).toEqual([[1, 2], [3, 2], [5, 4], [9, 1.5]]); // prettier-ignore
		expect([...plan.packing!.places].map(([from, { start }]) => [from / mebibyte, start / mebibyte])).toEqual([[1, 1], [3, 3], [10, 5], [14.5, 9]]); // prettier-ignore
		expect(plan.packing!.needed).toBe(10.5 * mebibyte + 33 * 512);
	});

	it('may have several, and as much as one had', async () => {
		expect((await packed(disk, track0, 9, { 3: 1, 10: 2 })).places).toEqual([[1, 2], [3, 1], [4, 2], [6, 1.5]]); // prettier-ignore
		expect((await packed(disk, track0, 15, { 3: 5, 10: 4 })).places).toEqual([[1, 2], [3, 5], [8, 4], [12, 1.5]]); // prettier-ignore
	});

	it('is refused for a target that is still too small, with the size that is needed', async () => {
		await expect(packed(disk, track0, 10, { 3: 2 })).rejects.toMatchObject({
			code: 'target-too-small',
			details: { needed: 10.5 * mebibyte + 33 * 512 },
		});
	});

	it('goes without what the image does not hold, where that would have to move', async () => {
		const imaged = diskEntry('gpt', 17 * mebibyte, [[3, 5], [14.5, 1.5]]); // prettier-ignore
		const { places: now, plan } = await packed(imaged, track0, 9, { 3: 2 });
		expect(now).toEqual([[1, 2], [3, 2], [5, 1.5]]); // prettier-ignore
		expect(plan.warnings).toEqual([expect.stringContaining('Partition 3 is not in the image and lies behind')]);
	});

	it('has only those that are chosen', async () => {
		const only = { only: [3 * mebibyte, 14.5 * mebibyte] };
		expect((await packed(disk, track0, 8, { 3: 2 }, only)).places).toEqual([[3, 2], [5, 1.5]]); // prettier-ignore
	});

	it('is refused beside a hybrid MBR, and where partitions share bytes', async () => {
		const hybrid = track0.slice();
		hybrid.set(mbrSector([{ type: 0xee, firstLba: 1, sectors: 2047 }, { type: 0x83, firstLba: 6144, sectors: 2048 }])); // prettier-ignore
		await expect(packed(disk, hybrid, 12, { 3: 2 })).rejects.toMatchObject({ code: 'invalid-argument' });
		const over: readonly Place[] = [[1, 3], [3, 5]]; // prettier-ignore
		const shared = packed(diskEntry('gpt', 17 * mebibyte, over), gptOf(17, over).slice(0, mebibyte), 12, { 3: 2 });
		await expect(shared).rejects.toMatchObject({ code: 'not-supported' });
	});
});

/** Partitions in the order in which they lie on a disk, and which of them become how small. */
const drawnDisks = fc
	.array(
		fc.record({
			gap: fc.integer({ min: 0, max: 5000 }),
			length: fc.integer({ min: 1, max: 7000 }),
			share: fc.option(fc.double({ min: 0.01, max: 1, noNaN: true }), { nil: undefined }),
		}),
		{ minLength: 1, maxLength: 9 },
	)
	.filter((drawn) => drawn.some(({ share }) => share !== undefined));

it('keeps order and bounds of any partitions, and nothing before the first that becomes smaller moves', async () => {
	await fc.assert(
		fc.asyncProperty(drawnDisks, async (drawn) => {
			let at = 2048;
			const parts = drawn.map(({ gap, length, share }) => {
				const start = at + gap;
				at = start + length;
				const size = share === undefined ? undefined : Math.max(1, Math.floor(length * share));
				return { start: start * 512, length: length * 512, size: size === undefined ? undefined : size * 512 };
			});
			const size = Math.ceil((at * 512) / mebibyte) + 1;
			const track0 = gptBytes(size * mebibyte, parts).slice(0, mebibyte);
			const disk = diskEntry('gpt', size * mebibyte, parts.map(({ start, length }): Place => [start / mebibyte, length / mebibyte])); // prettier-ignore
			const shrink = Object.fromEntries(
				parts.flatMap(({ start, size: to }) => (to === undefined ? [] : [[start / mebibyte, to / mebibyte]])),
			) as Record<number, number>;
			const { plan } = await packed(disk, track0, size, shrink);
			const now = parts.map(({ start }) => plan.packing!.places.get(start)!);
			const first = parts.findIndex(({ size: to }) => to !== undefined);
			for (const [i, place] of now.entries()) {
				expect(place.length).toBe(parts[i]!.size ?? parts[i]!.length);
				expect(place.start).toBeLessThanOrEqual(parts[i]!.start);
				if (i <= first) expect(place.start).toBe(parts[i]!.start);
				else {
					const before = now[i - 1]!;
					const gap = place.start - before.start - before.length;
					expect(gap).toBeGreaterThanOrEqual(0);
					if (place.start !== parts[i]!.start) expect([place.start % mebibyte, gap < mebibyte]).toEqual([0, true]);
				}
			}
			const last = now.at(-1)!;
			expect(plan.packing!.needed).toBe(last.start + last.length + 33 * 512);
		}),
		{ numRuns: 60 },
	);
});

describe('an MBR of which partitions become smaller', () => {
	const sectors = (mib: number) => mib * 2048;
	// 1: 1..5, extended 6..26 with logical 5: 7..11, 6: 13..15, 7: 20..26; primary 3: 28..31.
	const track0 = new Uint8Array(mebibyte);
	track0.set(
		mbrSector([
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(4), status: 0x80 },
			{ type: 0x05, firstLba: sectors(6), sectors: sectors(20) },
			{ type: 0x07, firstLba: sectors(28), sectors: sectors(3) },
		]),
	);
	const ept: Records = {
		[sectors(6)]: [
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(4) },
			{ type: 0x05, firstLba: sectors(6), sectors: sectors(3) },
		],
		[sectors(12)]: [
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(2) },
			{ type: 0x05, firstLba: sectors(13), sectors: sectors(7) },
		],
		[sectors(19)]: [{ type: 0x83, firstLba: sectors(1), sectors: sectors(6) }],
	};
	const places: readonly Place[] = [[1, 4], [7, 4], [13, 2], [20, 6], [28, 3]]; // prettier-ignore
	const disk = diskEntry('mbr', 32 * mebibyte, places);

	it.each<[Record<number, number>, readonly Place[], Place]>([
		// All behind the first: the extended partition moves with its records.
		[{ 1: 2 }, [[1, 2], [4, 4], [9, 2], [12, 6], [18, 3]], [3, 15]],
		// A logical one: the extended partition ends with the last of them.
		[{ 7: 1 }, [[1, 4], [7, 1], [9, 2], [12, 6], [18, 3]], [6, 12]],
		[{ 13: 1 }, [[1, 4], [7, 4], [13, 1], [15, 6], [21, 3]], [6, 15]],
		[{ 20: 2 }, [[1, 4], [7, 4], [13, 2], [20, 2], [22, 3]], [6, 16]],
		[{ 28: 1 }, [[1, 4], [7, 4], [13, 2], [20, 6], [28, 1]], [6, 20]],
		[{ 1: 1, 20: 1 }, [[1, 1], [3, 4], [8, 2], [11, 1], [12, 3]], [2, 10]],
	])('moves what lies behind, records and extended partition too: %j', async (shrink, expected, container) => {
		const { places: now, layout, plan } = await packed(disk, track0, 32, shrink, {}, ept);
		expect(now).toEqual(expected);
		expect(layout.extended.map(({ start, length }) => [start / mebibyte, length / mebibyte])).toEqual([container]);
		expect(layout.partitions.map(({ number }) => number)).toEqual([1, 5, 6, 7, 3]);
		expect(layout.partitions[0]!.active).toBe(true);
		expect(plan.packing!.needed).toBe((expected.at(-1)![0] + expected.at(-1)![1]) * mebibyte);
		// The fields of cylinder, head and sector follow.
		const { entry } = layout.partitions.at(-1)!;
		const first = entry.bootSector;
		expect([entry.startCylinder, entry.startHead]).toEqual([Math.floor(first / 16_065), Math.floor(first / 63) % 255]);
	}); // prettier-ignore

	it('counts logical partitions anew where some are left out', async () => {
		const only = { only: [mebibyte, 13 * mebibyte, 20 * mebibyte] };
		const { places: now, layout } = await packed(disk, track0, 16, { 1: 2 }, only, ept);
		expect(now).toEqual([[1, 2], [4, 2], [7, 6]]); // prettier-ignore
		expect(layout.partitions.map(({ number }) => number)).toEqual([1, 5, 6]);
	});

	it('fits where it is told to fit, and is refused a sector below', async () => {
		expect((await packed(disk, track0, 21, { 1: 2 }, {}, ept)).places.at(-1)).toEqual([18, 3]);
		await expect(packed(disk, track0, 20.9, { 1: 2 }, {}, ept)).rejects.toMatchObject({
			code: 'target-too-small',
			details: { needed: 21 * mebibyte },
		});
	});
});

it('a disk without a table has no partition that could become smaller', async () => {
	const disk = diskEntry('unknown', 4 * mebibyte, [[0, 4]]);
	await expect(packed(disk, new Uint8Array(mebibyte), 3, { 0: 2 })).rejects.toMatchObject({ code: 'invalid-argument' });
});
