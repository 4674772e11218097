import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import type { ExtendedBootRecord, ExtendedPartition, LayoutWarning, Partition, SectorSize } from '../layout.ts';
import { extendedTypes } from './structures.ts';
import { entriesOf, hasBootMark, isUsed, toPartition, type MbrEntryView } from './entries.ts';

/** More logical partitions than Linux or Windows would number; a longer chain is a damaged one. */
const longestChain = 255;

/** An extended partition, and what its chain of records names. */
export interface LogicalReading {
	readonly extended: ExtendedPartition;
	/** As the records have them: they may reach over the end of the extended partition and of the disk. */
	readonly partitions: Partition[];
	readonly warnings: LayoutWarning[];
}

/**
 * Follows the chain of extended boot records. In each, one entry names a logical partition, counted from that record;
 * one of an extended type names the next record, counted from the extended partition's start.
 * A chain that leaves its container, returns to an earlier record or loses its mark ends there with a warning.
 * @param container the entry of the MBR that names the extended partition
 * @param containerNumber 1 to 4
 * @param firstNumber of the first logical partition
 * @throws AfterimageError `read-error`
 */
export async function readLogical(
	source: ByteSource,
	sectorSize: SectorSize,
	container: MbrEntryView,
	containerNumber: number,
	firstNumber: number,
): Promise<LogicalReading> {
	const chain = new Chain(source, sectorSize, container, firstNumber);
	await chain.follow();
	const extended: ExtendedPartition = {
		number: containerNumber,
		typeId: container.type.toString(16).padStart(2, '0'),
		start: container.firstLba * sectorSize,
		length: container.sectors * sectorSize,
		records: chain.records,
	};
	return { extended, partitions: chain.partitions, warnings: chain.warnings };
}

/** Places are sectors of the disk. */
class Chain {
	readonly records: ExtendedBootRecord[] = [];
	readonly partitions: Partition[] = [];
	readonly warnings: LayoutWarning[] = [];
	readonly #source: ByteSource;
	readonly #sectorSize: SectorSize;
	readonly #start: number;
	/** Exclusive. */
	readonly #end: number;
	readonly #visited = new Set<number>();
	/** Of the next partition. */
	#number: number;

	constructor(source: ByteSource, sectorSize: SectorSize, container: MbrEntryView, firstNumber: number) {
		this.#source = source;
		this.#sectorSize = sectorSize;
		this.#start = container.firstLba;
		this.#end = this.#start + container.sectors;
		this.#number = firstNumber;
	}

	async follow(): Promise<void> {
		for (let lba: number | undefined = this.#start; lba !== undefined;) {
			const objection = this.#objectionTo(lba);
			if (objection !== undefined) return this.#stop(lba, objection);
			this.#visited.add(lba);
			const sector = (await readBytes(this.#source, lba * this.#sectorSize, this.#sectorSize)).slice(0, 512);
			if (!hasBootMark(sector)) return this.#stop(lba, `expected 55 AA at its end, found ${hexPair(sector)}`);
			lba = this.#take(sector, lba);
		}
	}

	/** Why the chain cannot go on at a sector; undefined when it can. */
	#objectionTo(lba: number): string | undefined {
		if (this.#visited.has(lba)) return 'the chain returns to an earlier record';
		if (this.#visited.size >= longestChain) return `the chain has more than ${longestChain} records`;
		const inside = lba >= this.#start && lba < this.#end && (lba + 1) * this.#sectorSize <= this.#source.size;
		return inside ? undefined : 'it lies outside the extended partition or the disk';
	}

	#stop(lba: number, why: string): void {
		this.warnings.push({
			message:
				`Extended boot record at byte ${lba * this.#sectorSize}: ${why}; ` +
				`logical partitions from number ${this.#number} on are not seen`,
			advice: 'Compare with the partitions you know of; a partition editor such as testdisk can rebuild the chain.',
		});
	}

	/** Keeps a record and the partitions that it names. @returns where the next one is */
	#take(sector: Uint8Array, lba: number): number | undefined {
		let next: number | undefined;
		let described = 0;
		for (const [i, entry] of entriesOf(sector).entries()) {
			if (!isUsed(entry)) continue;
			if (extendedTypes.has(entry.type)) {
				next ??= this.#start + entry.firstLba;
				continue;
			}
			const first = lba + entry.firstLba;
			const outside = entry.firstLba === 0 || first + entry.sectors > this.#end;
			// Only the first two entries count; some partitioners leave old bytes in the others.
			if (outside && i >= 2) continue;
			if (outside) this.#warnOfPlace(first, first + entry.sectors);
			if (described === 0) described = this.#number;
			this.partitions.push(toPartition(entry, this.#number++, first, this.#sectorSize, 'logical'));
		}
		this.records.push({ sector, offset: lba * this.#sectorSize, partitionNumber: described });
		return next;
	}

	#warnOfPlace(first: number, end: number): void {
		const bytes = (from: number, to: number) => `${from * this.#sectorSize} to ${to * this.#sectorSize}`;
		this.warnings.push({
			message:
				`Logical partition ${this.#number}: expected within bytes ${bytes(this.#start, this.#end)} ` +
				`of the extended partition, found ${bytes(first, end)}`,
		});
	}
}

function hexPair(sector: Uint8Array): string {
	return Array.from(sector.subarray(0x1fe, 0x200), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(
		' ',
	);
}
