import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import type { SectorSize } from '../../../../src/disk/partition-table/layout.ts';
import { readDiskLayout } from '../../../../src/disk/partition-table/read-layout.ts';
import type { ManifestDisk } from '../../../../src/image/manifest.ts';
import { backupTableSize } from '../../../../src/engine/restore/table/backup-table-size.ts';
import { planTable } from '../../../../src/engine/restore/table/plan-table.ts';
import type { TableOptions } from '../../../../src/engine/restore/table/table-plan.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';

const mebibyte = 2 ** 20;
const partitions = [
	{ start: mebibyte, length: mebibyte },
	{ start: 3 * mebibyte, length: mebibyte },
];

const newPartitionGuid = '12345678-AAAA-4BBB-8CCC-DDDDDDDDDDDD';
const newIdsOf = (disk: string) => ({ disk, partition: () => newPartitionGuid });

/** The part of `$JSON` that the planner reads. */
function diskEntry(
	format: 'gpt' | 'mbr' | 'unknown',
	size: number,
	imaged = partitions,
	sectorSize = 512,
): ManifestDisk {
	return {
		_geometry: { bytes_per_sector: sectorSize, disk_size: size },
		_header: { disk_format: format, disk_signature: 'OLD' },
		partitions: imaged.map(({ start, length }) => ({ _geometry: { start, length } })),
	} as ManifestDisk;
}

async function restoredLayout(
	bytes: Uint8Array,
	disk: ManifestDisk,
	options: Partial<TableOptions>,
	sectorSize: SectorSize = 512,
) {
	const size = options.targetSize ?? bytes.length;
	const plan = await planTable(
		disk,
		{ track0: bytes.slice(0, mebibyte), ept: [] },
		{ targetSize: size, newIds: undefined, only: undefined, grow: undefined, ...options },
	);
	const target = new Uint8Array(size).fill(0xdd);
	for (const { offset, length } of plan.invalidate) target.fill(0, offset, offset + length);
	for (const { offset, data } of plan.writes) target.set(data, offset);
	return { plan, target, layout: await readDiskLayout(new MemoryBytes(target), sectorSize) };
}

describe('the table of a restored disk', () => {
	it.each([512, 4096] as const)(
		'is that of the source, its backup at the end of a larger target (%i-byte sectors)',
		async (sectorSize) => {
			const bytes = gptBytes(5 * mebibyte, partitions, sectorSize);
			const disk = diskEntry('gpt', bytes.length, partitions, sectorSize);
			for (const targetSize of [5 * mebibyte, 9 * mebibyte]) {
				const { layout, plan } = await restoredLayout(bytes, disk, { targetSize }, sectorSize);
				expect(layout.warnings).toEqual([]);
				expect(layout.partitions.map(({ start, length }) => ({ start, length }))).toEqual(partitions);
				expect(plan.writes.at(-1)?.offset).toBe(0);
			}
		},
	);

	it('is not written into partitions, wherever the first of them begins', async () => {
		const early = [{ start: 34 * 512, length: mebibyte }];
		const bytes = gptBytes(3 * mebibyte, early);
		const { target } = await restoredLayout(bytes, diskEntry('gpt', bytes.length, early), {});
		expect(target.subarray(34 * 512, 34 * 512 + mebibyte).every((byte) => byte === 0xdd)).toBe(true);
	});

	it('needs the room that its partitions take, and says how much', async () => {
		const bytes = gptBytes(5 * mebibyte, partitions);
		const needed = 4 * mebibyte + 33 * 512;
		const disk = diskEntry('gpt', bytes.length);
		await expect(restoredLayout(bytes, disk, { targetSize: needed - 512 })).rejects.toMatchObject({
			code: 'target-too-small',
			details: { needed, found: needed - 512 },
		});
		const { layout } = await restoredLayout(bytes, disk, { targetSize: needed });
		expect(layout.warnings).toEqual([]);
	});

	it.each(['mbr', 'unknown'] as const)('needs that room without a GPT too (%s)', async (format) => {
		const bytes = new Uint8Array(5 * mebibyte);
		const disk = diskEntry(format, bytes.length);
		await expect(restoredLayout(bytes, disk, { targetSize: 4 * mebibyte - 512 })).rejects.toMatchObject({
			code: 'target-too-small',
			details: { needed: 4 * mebibyte, found: 4 * mebibyte - 512 },
		});
		// Partitions that are not wanted need no room.
		await restoredLayout(bytes, disk, { targetSize: 2 * mebibyte, only: [mebibyte] });
	});

	it('loses a partition that is not in the image and does not fit, with a warning', async () => {
		const bytes = gptBytes(5 * mebibyte, partitions);
		const { layout, plan } = await restoredLayout(bytes, diskEntry('gpt', bytes.length, partitions.slice(0, 1)), {
			targetSize: 3 * mebibyte,
		});
		expect(layout.partitions.map(({ number }) => number)).toEqual([1]);
		expect(plan.warnings).toHaveLength(1);
		const roomy = await restoredLayout(bytes, diskEntry('gpt', bytes.length, partitions.slice(0, 1)), {});
		expect(roomy.layout.partitions.map(({ number }) => number)).toEqual([1, 2]);
		expect(roomy.plan.warnings).toEqual([]);
	});

	it('takes new ids and only the wanted partitions', async () => {
		const bytes = gptBytes(5 * mebibyte, partitions);
		const newIds = newIdsOf('99999999-AAAA-4BBB-8CCC-DDDDDDDDDDDD');
		const { layout, plan } = await restoredLayout(bytes, diskEntry('gpt', bytes.length), {
			newIds,
			only: [3 * mebibyte],
		});
		expect(layout.id).toBe(newIds.disk);
		expect(layout.warnings).toEqual([]);
		expect(plan.diskId).toBe(newIds.disk);
		expect(plan.notes.join()).toContain('PARTUUID');
		expect(layout.partitions.map(({ number, guid }) => [number, guid])).toEqual([[2, newPartitionGuid]]);
	});

	it('is restored as it stands when it is damaged, with a warning', async () => {
		const bytes = gptBytes(5 * mebibyte, partitions);
		bytes[512 + 20] = bytes[512 + 20]! ^ 1;
		const disk = diskEntry('gpt', bytes.length);
		const { plan, target } = await restoredLayout(bytes, disk, {});
		expect(plan.warnings[0]).toContain('damaged');
		expect(target.subarray(0, mebibyte)).toEqual(bytes.subarray(0, mebibyte));
		// Nothing of it is written behind the partitions.
		expect(await backupTableSize(disk, bytes.subarray(0, mebibyte))).toBe(0);
	});

	it.each([512, 4096] as const)(
		'takes its backup behind the partitions, none but a GPT has one (sectors of %i)',
		async (sectorSize) => {
			const bytes = gptBytes(5 * mebibyte, partitions, sectorSize);
			const size = 16384 + sectorSize;
			const disk = diskEntry('gpt', bytes.length, partitions, sectorSize);
			expect(await backupTableSize(disk, bytes.subarray(0, mebibyte))).toBe(size);
			expect(await backupTableSize(disk, undefined)).toBe(size);
			expect(await backupTableSize(diskEntry('mbr', bytes.length), bytes)).toBe(0);
		},
	);

	it('of an MBR disk keeps boot code and takes a new signature', async () => {
		const bytes = new Uint8Array(5 * mebibyte);
		bytes.set([0xfa, 0x33]);
		new DataView(bytes.buffer).setUint32(0x1b8, 0x12345678, true);
		bytes.set([0x80, 0, 2, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0], 0x1be);
		bytes.set([0, 0, 2, 0, 0x83, 0, 0, 0, 0, 24, 0, 0, 0, 8, 0, 0], 0x1ce);
		bytes.set([0x55, 0xaa], 0x1fe);
		const disk = diskEntry('mbr', bytes.length);
		const { layout, target } = await restoredLayout(bytes, disk, {
			newIds: newIdsOf('CAFEBABE'),
			targetSize: 6 * mebibyte,
		});
		expect(layout).toMatchObject({ table: 'mbr', id: 'CAFEBABE' });
		expect(layout.partitions.map(({ start }) => start)).toEqual([mebibyte, 3 * mebibyte]);
		expect(target.subarray(0, 2)).toEqual(Uint8Array.of(0xfa, 0x33));
		const only = await restoredLayout(bytes, disk, { only: [3 * mebibyte] });
		expect(only.layout.partitions.map(({ number }) => number)).toEqual([2]);
	});

	it('is none where the source had none', async () => {
		const bytes = new Uint8Array(2 * mebibyte).fill(7);
		const { plan } = await restoredLayout(
			bytes,
			diskEntry('unknown', bytes.length, [{ start: 0, length: bytes.length }]),
			{},
		);
		expect(plan.writes).toEqual([]);
	});

	it('takes no new ids when there is none, or none that can be read', async () => {
		const bytes = gptBytes(5 * mebibyte, partitions);
		bytes[512 + 20] = bytes[512 + 20]! ^ 1;
		for (const format of ['gpt', 'unknown'] as const) {
			const refused = restoredLayout(bytes, diskEntry(format, bytes.length), { newIds: newIdsOf('CAFEBABE') });
			await expect(refused).rejects.toMatchObject({ code: 'invalid-argument' });
		}
	});
});
