import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../../../../../src/base/bytes.ts';
import { gptPartitions } from '../../../../../src/disk/partition-table/gpt/partitions.ts';
import { rebuildGpt, type RebuildOptions } from '../../../../../src/disk/partition-table/gpt/rebuild.ts';
import { readGptTable } from '../../../../../src/disk/partition-table/gpt/table.ts';
import { mbrKind } from '../../../../../src/disk/partition-table/mbr/read.ts';
import { mbrSector, smallGpt } from '../../small-disks.ts';

const disk = smallGpt([
	{ first: 10, last: 99 },
	{ first: 100, last: 299 },
]);

/** A target of so many sectors after a table was written to it. */
async function rebuilt(sectors: number, mbr: Uint8Array, options?: RebuildOptions): Promise<Uint8Array> {
	const target = new Uint8Array(sectors * 512);
	const table = await readGptTable(new MemoryBytes(disk), 512, 1);
	for (const { offset, data } of rebuildGpt(table, mbr, target.length, options)) target.set(data, offset);
	return target;
}

describe('the MBR of a rebuilt table', () => {
	const hybrid = mbrSector([
		{ type: 0xee, firstLba: 1, sectors: 9 },
		{ type: 0x83, firstLba: 10, sectors: 90 },
	]);

	test('stays when it is a hybrid one and so do all partitions that it may name', async () => {
		expect((await rebuilt(500, hybrid)).subarray(0, 512)).toEqual(hybrid);
	});

	test('names no partition that the table does not', async () => {
		const target = await rebuilt(500, hybrid, { keep: [2] });
		expect(mbrKind(target.subarray(0, 512))).toBe('protective');
	});

	test('keeps no entry and no boot code but its own when it becomes a protective one', async () => {
		const entry = [0, 0, 2, 0, 0xee, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0xf3, 1, 0, 0];
		for (const [mbr, code] of [
			[hybrid.slice().fill(7, 0, 440), 7],
			[new Uint8Array(512).fill(9), 0],
		] as const) {
			const sector = (await rebuilt(500, mbr, { keep: [2] })).subarray(0, 512);
			expect([...sector.subarray(0x1be)]).toEqual([...entry, ...new Uint8Array(48), 0x55, 0xaa]);
			expect(sector.subarray(0, 440).every((byte) => byte === code)).toBe(true);
		}
	});

	test('claims the sectors of the target, not those of the source', async () => {
		const { buffer } = await rebuilt(500, disk.slice(0, 512));
		expect(new DataView(buffer).getUint32(0x1be + 12, true)).toBe(499);
	});
});

test('both copies have the kept partitions, in sectors that the target has', async () => {
	const target = await rebuilt(305, disk.slice(0, 512), { keep: [2] });
	for (const [lba, other] of [
		[1, 304],
		[304, 1],
	] as const) {
		const table = await readGptTable(new MemoryBytes(target), 512, lba);
		expect(table).toMatchObject({ alternateLba: other, firstUsableLba: 6, lastUsableLba: 299 });
		expect(gptPartitions(table)).toMatchObject({
			partitions: [{ number: 2, start: 51_200, length: 102_400 }],
			warnings: [],
		});
	}
	await expect(rebuilt(304, disk.slice(0, 512), { keep: [2] })).rejects.toMatchObject({
		code: 'target-too-small',
		details: { needed: 305 * 512 },
	});
	await rebuilt(105, disk.slice(0, 512), { keep: [1] });
});

test('a target that ends within a sector has the backup in its last whole one', async () => {
	const table = await readGptTable(new MemoryBytes(disk), 512, 1);
	const writes = rebuildGpt(table, disk.slice(0, 512), 450 * 512 + 100);
	expect(writes[1]!.offset).toBe(449 * 512);
});

test('from the backup, the primary entries come to their usual place', async () => {
	const backup = await readGptTable(new MemoryBytes(disk), 512, 399);
	const target = new Uint8Array(500 * 512);
	for (const { offset, data } of rebuildGpt(backup, disk.slice(0, 512), target.length)) target.set(data, offset);
	expect(await readGptTable(new MemoryBytes(target), 512, 1)).toMatchObject({ entryLba: 2, alternateLba: 499 });
});

test('an entry whose sectors no number tells is left out with a warning', async () => {
	const odd = smallGpt([
		{ first: 10, last: 99 },
		{ first: 100, last: 299 },
	]);
	const table = await readGptTable(new MemoryBytes(odd), 512, 1);
	table.entries.fill(0xff, 32, 40);
	const { partitions, warnings } = gptPartitions(table);
	expect(partitions.map(({ number }) => number)).toEqual([2]);
	expect(warnings.map(({ message }) => message)).toEqual([
		'GPT entry 1: expected a first and a last sector, found sectors beyond 2^53',
	]);
});
