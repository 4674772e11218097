import type { ExtendedPartition, Partition } from '../../../disk/partition-table/layout.ts';
import { entriesOf, isUsed } from '../../../disk/partition-table/mbr/entries.ts';
import { logicalOf } from '../../../disk/partition-table/mbr/rebuild.ts';
import { extendedTypes } from '../../../disk/partition-table/mbr/structures.ts';
import { withMbrPlaces, type MbrPlace } from '../../../disk/partition-table/mbr/with-places.ts';
import type { PlannedWrite } from '../../../disk/partition-table/planned-write.ts';
import { pack, type Unit } from './pack.ts';
import { packingOf, type Packing } from './table-plan.ts';

/** What stays of a table whose partitions move. */
export interface KeptForPacking {
	readonly kept: readonly Partition[];
	readonly extended: readonly ExtendedPartition[];
	/** Its records, at the places that they have. */
	readonly records: readonly PlannedWrite[];
}

/**
 * Moves partitions together with the records before logical ones. An extended partition ends with the last of its logical ones.
 * @param lengths as in `pack`
 * @throws AfterimageError as `pack`
 */
export function packMbr(
	{ kept, extended, records }: KeptForPacking,
	lengths: ReadonlyMap<number, number>,
	sectorSize: number,
): { readonly packing: Packing; readonly records: PlannedWrite[] } {
	const primary = kept.filter(({ entry }) => entry.kind === 'primary').map(unitOf);
	const logical = records.filter(({ offset }) => offset !== 0).map((record) => logicalUnit(record, kept, sectorSize));
	const packed = pack([...primary, ...logical], lengths);
	const places = new Map<number, MbrPlace>();
	for (const { unit, start, end } of packed) places.set(unit.start, { start, length: end - start });
	const containers = extended.map((one): [number, MbrPlace] => {
		const own = new Set([one.start, ...logicalOf(one, kept).map(({ start }) => start)]);
		const held = packed.filter(({ unit }) => own.has(unit.start) || own.has(unit.partition?.start ?? -1));
		const start = places.get(one.start)?.start ?? one.start;
		return [one.start, { start, length: Math.max(...held.map(({ end }) => end), start + sectorSize) - start }];
	});
	const packing = packingOf(packed, 0);
	const moved = {
		partitions: packing.places,
		extended: new Map(containers),
		records: new Map(logical.map(({ start }) => [start, places.get(start)!])),
	};
	return { packing, records: withMbrPlaces(records, moved, sectorSize) };
}

function unitOf(partition: Partition): Unit {
	return { start: partition.start, partition, end: partition.start + partition.length };
}

/** An extended boot record and the logical partition that it describes. */
function logicalUnit({ offset, data }: PlannedWrite, kept: readonly Partition[], sectorSize: number): Unit {
	for (const entry of entriesOf(data)) {
		if (!isUsed(entry) || extendedTypes.has(entry.type)) continue;
		const start = offset + entry.firstLba * sectorSize;
		const partition = kept.find((one) => one.start === start && one.entry.kind === 'logical');
		if (partition !== undefined) return { ...unitOf(partition), start: offset };
	}
	return { start: offset, partition: undefined, end: offset + sectorSize };
}
