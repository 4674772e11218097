import { describe, expect, it } from 'vitest';
import { readDiskLayout } from '../../../../src/disk/partition-table/read-layout.ts';
import { planTable } from '../../../../src/engine/restore/table/plan-table.ts';
import type { TableOptions } from '../../../../src/engine/restore/table/table-plan.ts';
import type { ManifestDisk } from '../../../../src/image/manifest.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { mbrSector, type SmallEntry } from '../../disk/small-disks.ts';
import { diskEntry, type Place } from './disk-entry.ts';

const mebibyte = 2 ** 20;

/** The partitions of a target of so many MiB, MiB each, after one has grown. @param ept records by the sector they stand in */
async function grown(
	disk: ManifestDisk,
	track0: Uint8Array,
	targetSize: number,
	grow: number,
	more: Partial<TableOptions> = {},
	ept: Readonly<Record<number, readonly SmallEntry[]>> = {},
) {
	const records = Object.entries(ept).map(([lba, entries]) => ({
		diskOffset: Number(lba) * 512,
		sector: mbrSector(entries),
		partitionNumber: 0,
	}));
	const options = { newIds: undefined, only: undefined, ...more };
	const plan = await planTable(
		disk,
		{ track0, ept: records },
		{ targetSize: targetSize * mebibyte, grow: grow * mebibyte, ...options },
	);
	const written = plan.writes.toSorted((a, b) => a.offset - b.offset);
	const source = {
		size: targetSize * mebibyte,
		async read(offset: number, target: Uint8Array) {
			target.fill(0);
			for (const { offset: at, data } of written) {
				const from = Math.max(offset, at);
				const to = Math.min(offset + target.length, at + data.length);
				if (to > from) target.set(data.subarray(from - at, to - at), from - offset);
			}
		},
	};
	const layout = await readDiskLayout(source, 512);
	expect(layout.warnings).toEqual([]);
	const places = layout.partitions.map(({ start, length }) => [start / mebibyte, length / mebibyte]);
	expect(plan.partitions.map(({ start, length }) => [start / mebibyte, length / mebibyte])).toEqual(places);
	return { places, layout };
}

describe('a partition of a GPT that grows', () => {
	const places: readonly Place[] = [[1, 1], [3, 1]]; // prettier-ignore
	const bytes = gptBytes(5 * mebibyte, places.map(([start, length]) => ({ start: start * mebibyte, length: length * mebibyte }))); // prettier-ignore
	const disk = diskEntry('gpt', bytes.length, places);

	it('takes what is free up to the next one, or to the last MiB before the backup table', async () => {
		expect((await grown(disk, bytes.slice(0, mebibyte), 9, 1)).places).toEqual([[1, 2], [3, 1]]); // prettier-ignore
		expect((await grown(disk, bytes.slice(0, mebibyte), 9, 3)).places).toEqual([[1, 1], [3, 5]]); // prettier-ignore
		// The one behind it is not restored.
		const only = { only: [mebibyte] };
		expect((await grown(disk, bytes.slice(0, mebibyte), 9, 1, only)).places).toEqual([[1, 7]]);
	});

	it('is refused where nothing is free behind it, and the size that is needed comes first', async () => {
		const tight = diskEntry('gpt', 5 * mebibyte, [[1, 2], [3, 1]]); // prettier-ignore
		const full = gptBytes(5 * mebibyte, [
			{ start: mebibyte, length: 2 * mebibyte },
			{ start: 3 * mebibyte, length: mebibyte },
		]).slice(0, mebibyte);
		await expect(grown(tight, full, 9, 1)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: 'Partition 1 cannot grow: partition 2 is right behind it',
		});
		await expect(grown(tight, full, 4, 3)).rejects.toMatchObject({ code: 'target-too-small' });
		await expect(grown(disk, bytes.slice(0, mebibyte), 5, 3)).rejects.toMatchObject({
			message: expect.stringContaining('are free before the end of the target') as string,
		});
	});

	it('is refused beside a hybrid MBR, which names its length too', async () => {
		const hybrid = bytes.slice(0, mebibyte);
		const entries = [
			{ type: 0xee, firstLba: 1, sectors: 2047 },
			{ type: 0x83, firstLba: 2048, sectors: 2048 },
		];
		hybrid.set(mbrSector(entries), 0);
		await expect(grown(disk, hybrid, 9, 3)).rejects.toMatchObject({ code: 'invalid-argument' });
	});
});

describe('a partition of an MBR that grows', () => {
	const sectors = (mebibytes: number) => mebibytes * 2048;
	/** Primary 1 to 3, extended 4 to 20 with logical 5 to 7 and 11 to 12, MiB; records at 4 and 10. */
	const track0 = new Uint8Array(mebibyte);
	track0.set(
		mbrSector([
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(2) },
			{ type: 0x05, firstLba: sectors(4), sectors: sectors(16) },
		]),
	);
	const ept = {
		[sectors(4)]: [
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(2) },
			{ type: 0x05, firstLba: sectors(6), sectors: sectors(3) },
		],
		[sectors(10)]: [{ type: 0x83, firstLba: sectors(1), sectors: sectors(1) }],
	};
	const disk = diskEntry('mbr', 24 * mebibyte, [[1, 2], [5, 2], [11, 1]]); // prettier-ignore

	it.each([
		['a primary one up to the extended one', 1, [[1, 3], [5, 2], [11, 1]]],
		['a logical one up to the record of the next', 5, [[1, 2], [5, 5], [11, 1]]],
		['the last logical one, and with it the extended one, to the end of the target', 11, [[1, 2], [5, 2], [11, 29]]],
	])('takes what is free: %s', async (_, start, expected) => {
		expect((await grown(disk, track0, 40, start, {}, ept)).places).toEqual(expected);
	}); // prettier-ignore

	it('does not reach over the end of a smaller target, nor do the records of what is left out count', async () => {
		expect((await grown(disk, track0, 15, 11, {}, ept)).places).toEqual([[1, 2], [5, 2], [11, 4]]); // prettier-ignore
		const only = { only: [mebibyte, 5 * mebibyte] };
		expect((await grown(disk, track0, 40, 5, only, ept)).places).toEqual([[1, 2], [5, 35]]); // prettier-ignore
		const primary = { only: [mebibyte] };
		expect((await grown(disk, track0, 40, 1, primary, ept)).places).toEqual([[1, 39]]);
	});

	it('ends where sectors have 32 bits', async () => {
		const { places, layout } = await grown(disk, track0, 3 * 2 ** 21, 1, { only: [mebibyte] }, ept);
		expect(places).toEqual([[1, 2 ** 21 - 1]]);
		expect(layout.partitions[0]!.entry.numSectors).toBe(2 ** 32 - 2048);
		expect(layout.partitions[0]!.entry).toMatchObject({ endCylinder: 1023, endHead: 254 });
	});

	it('is refused where nothing is free behind it', async () => {
		const tight = track0.slice();
		tight.set(mbrSector([
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(3) },
			{ type: 0x05, firstLba: sectors(4), sectors: sectors(16) },
		])); // prettier-ignore
		const refused = grown(diskEntry('mbr', 24 * mebibyte, [[1, 3], [5, 2], [11, 1]]), tight, 40, 1, {}, ept); // prettier-ignore
		await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('extended partition 2') as string });
	});
});

it('a disk without a table has no partition that could grow', async () => {
	const disk = { ...diskEntry('gpt', 4 * mebibyte, [[0, 4]]), _header: { disk_format: 'unknown' } } as ManifestDisk;
	await expect(grown(disk, new Uint8Array(mebibyte), 8, 0)).rejects.toMatchObject({
		code: 'invalid-argument',
	});
});
