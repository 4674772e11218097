import { checkRange } from '../../base/bytes.ts';
import type { PlannedWrite } from '../../disk/partition-table/planned-write.ts';
import { extentsOf, type Extent, type SparseSource } from './sparse-source.ts';

/** A partition in its place on the disk. */
export interface PlacedPartition {
	/** Byte on the disk. */
	readonly start: number;
	readonly bytes: SparseSource;
}

/**
 * The bytes of a disk of a backup as a restore would write them to an empty target of its own size: partitions first, what
 * surrounds them and the partition table over these, zeros elsewhere. Reads may run beside each other.
 */
export class DiskBytes implements SparseSource {
	readonly size: number;
	readonly #partitions: readonly PlacedPartition[];
	readonly #writes: readonly PlannedWrite[];

	/**
	 * @param partitions in the order in which they are restored; none reaches over the end
	 * @param writes of the partition table, in their order; none reaches over the end
	 */
	constructor(size: number, partitions: readonly PlacedPartition[], writes: readonly PlannedWrite[]) {
		this.size = size;
		this.#partitions = partitions;
		this.#writes = writes.filter(({ data }) => data.length > 0);
	}

	/** @throws AfterimageError as reads of the partitions do */
	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		const stop = offset + target.length;
		target.fill(0);
		let covered = 0;
		for (const { start, bytes } of this.#partitions) {
			const [from, to] = [Math.max(offset, start), Math.min(stop, start + bytes.size)];
			if (to <= from) continue;
			// A restore writes nothing for holes: where partitions lie over each other, what was there before shows in them.
			if (from >= covered) await bytes.read(from - start, target.subarray(from - offset, to - offset));
			else await readStored(bytes, from - start, target.subarray(from - offset, to - offset));
			covered = Math.max(covered, to);
		}
		for (const { offset: start, data } of this.#writes) {
			const [from, to] = [Math.max(offset, start), Math.min(stop, start + data.length)];
			if (to > from) target.set(data.subarray(from - start, to - start), from - offset);
		}
	}

	extentAt(offset: number, stop: number): Extent {
		/** Where it has to be looked at anew, at the latest. */
		let next = stop;
		let stored: number | undefined;
		const seen = (start: number, size: number, extentAt: (at: number, end: number) => Extent) => {
			if (offset < start) next = Math.min(next, start);
			else if (offset < start + size) {
				const found = extentAt(offset - start, Math.min(stop, start + size) - start);
				const end = start + found.end;
				if (found.stored) stored = Math.max(stored ?? 0, end);
				else next = Math.min(next, end);
			}
		};
		for (const { offset: start, data } of this.#writes) seen(start, data.length, (_, end) => ({ end, stored: true }));
		for (const { start, bytes } of this.#partitions) {
			seen(start, bytes.size, (at, end) => bytes.extentAt(at, end));
		}
		return stored === undefined ? { end: next, stored: false } : { end: stored, stored: true };
	}
}

async function readStored(bytes: SparseSource, offset: number, target: Uint8Array): Promise<void> {
	let at = offset;
	for (const { end, stored } of extentsOf(bytes, offset, offset + target.length)) {
		if (stored) await bytes.read(at, target.subarray(at - offset, end - offset));
		at = end;
	}
}
