import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import type { ExtendedBootRecord, ExtendedPartition, LayoutWarning, Partition, SectorSize } from '../layout.ts';
import { extendedTypes } from './structures.ts';
import { entriesOf, hasBootMark, isUsed, toPartition, type MbrEntryView } from './entries.ts';

/** More logical partitions than Linux or Windows would number; a longer chain is a damaged one. */
const longestChain = 255;

/**
 * Follows the chain of extended boot records. In each, one entry names a logical partition, counted from that record;
 * one of an extended type names the next record, counted from the extended partition's start.
 * A chain that leaves its container, returns to an earlier record or loses its mark ends there with a warning.
 */
export async function readLogical(
	source: ByteSource,
	sectorSize: SectorSize,
	container: MbrEntryView,
	containerNumber: number,
	firstNumber: number,
): Promise<{ extended: ExtendedPartition; partitions: Partition[]; warnings: LayoutWarning[] }> {
	const base = container.firstLba;
	const end = base + container.sectors;
	const records: ExtendedBootRecord[] = [];
	const partitions: Partition[] = [];
	const warnings: LayoutWarning[] = [];
	const visited = new Set<number>();
	let number = firstNumber;
	const stop = (lba: number, why: string) =>
		warnings.push({
			message: `Extended boot record at byte ${lba * sectorSize}: ${why}; logical partitions from number ${number} on are not seen`,
			advice: 'Compare with the partitions you know of; a partition editor such as testdisk can rebuild the chain.',
		});

	for (let lba: number | undefined = base; lba !== undefined;) {
		if (visited.has(lba)) {
			stop(lba, 'the chain returns to an earlier record');
			break;
		}
		if (visited.size >= longestChain) {
			stop(lba, `the chain has more than ${longestChain} records`);
			break;
		}
		visited.add(lba);
		const offset = lba * sectorSize;
		if (lba < base || lba >= end || offset + sectorSize > source.size) {
			stop(lba, `it lies outside the extended partition or the disk`);
			break;
		}
		const sector = (await readBytes(source, offset, sectorSize)).slice(0, 512);
		if (!hasBootMark(sector)) {
			stop(lba, `expected 55 AA at its end, found ${hexPair(sector)}`);
			break;
		}
		let next: number | undefined;
		let described = 0;
		for (const [i, entry] of entriesOf(sector).entries()) {
			if (!isUsed(entry)) continue;
			if (extendedTypes.has(entry.type)) {
				next ??= base + entry.firstLba;
				continue;
			}
			const first = lba + entry.firstLba;
			const outside = entry.firstLba === 0 || first + entry.sectors > end;
			// Only the first two entries count; some partitioners leave old bytes in the others.
			if (outside && i >= 2) continue;
			if (outside) {
				warnings.push({
					message:
						`Logical partition ${number}: expected within bytes ${base * sectorSize} to ${end * sectorSize} ` +
						`of the extended partition, found ${first * sectorSize} to ${(first + entry.sectors) * sectorSize}`,
				});
			}
			if (described === 0) described = number;
			partitions.push(toPartition(entry, number++, first, sectorSize, 'logical'));
		}
		records.push({ sector, offset, partitionNumber: described });
		lba = next;
	}
	const extended: ExtendedPartition = {
		number: containerNumber,
		typeId: container.type.toString(16).padStart(2, '0'),
		start: base * sectorSize,
		length: container.sectors * sectorSize,
		records,
	};
	return { extended, partitions, warnings };
}

function hexPair(sector: Uint8Array): string {
	return Array.from(sector.subarray(0x1fe, 0x200), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(
		' ',
	);
}
