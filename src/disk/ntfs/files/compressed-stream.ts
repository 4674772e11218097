import { checkRange, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { decodeLznt1 } from '../packing/lznt1.ts';
import { hole } from '../records/run-list.ts';
import { StreamSource, type MappedStream } from '../records/stream.ts';

/** Clusters that NTFS compresses together, and their logarithm, which a stream has. */
const unitClusters = 16;
const unitShift = 4;

/** Windows compresses on volumes with clusters of up to 4 KiB alone. */
const maxUnitBytes = 64 * 1024;

/**
 * A compressed stream. Each unit of 16 clusters has none (zeros), all 16 (its bytes as they are), or fewer, which begin
 * with its bytes in LZNT1. The unit that was decoded last is kept.
 */
export class CompressedStream implements ByteSource {
	readonly size: number;
	readonly #stream: MappedStream;
	/** What the clusters hold. */
	readonly #stored: StreamSource;
	readonly #clusterSize: number;
	readonly #unit: Uint8Array;
	#decoded = -1;

	/**
	 * @param compressionUnit as the stream's first extent has it
	 * @throws AfterimageError `structure-damaged` for a unit that NTFS does not have
	 */
	constructor(volume: ByteSource, clusterSize: number, stream: MappedStream, compressionUnit: number) {
		const unitBytes = clusterSize * unitClusters;
		if (compressionUnit !== unitShift || unitBytes > maxUnitBytes)
			throw damaged(
				'structure-damaged',
				'Compressed stream, unit',
				stream.at,
				`2^${unitShift} clusters, at most ${maxUnitBytes} bytes`,
				`2^${compressionUnit} clusters of ${clusterSize}`,
			);
		const allocated = stream.runs.end * clusterSize;
		this.size = stream.dataSize;
		this.#stream = stream;
		this.#stored = new StreamSource(volume, clusterSize, {
			...stream,
			dataSize: allocated,
			initializedSize: allocated,
		});
		this.#clusterSize = clusterSize;
		this.#unit = new Uint8Array(unitBytes);
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read of a compressed stream', offset, target.length, this.size);
		const end = offset + Math.max(0, Math.min(target.length, this.#stream.initializedSize - offset));
		target.fill(0, end - offset);
		for (let at = offset; at < end;) {
			const unit = Math.floor(at / this.#unit.length);
			const clusters = unit === this.#decoded ? undefined : this.#clusters(unit);
			let next = (unit + 1) * this.#unit.length;
			// Neighbours whose bytes lie as they are need one read for all.
			if (clusters === unitClusters)
				while (next < end && this.#clusters(next / this.#unit.length) === unitClusters) next += this.#unit.length;
			next = Math.min(next, end);
			const piece = target.subarray(at - offset, next - offset);
			if (clusters === 0) piece.fill(0);
			else if (clusters === unitClusters) await this.#stored.read(at, piece);
			else {
				if (clusters !== undefined) {
					const packed = new Uint8Array(clusters * this.#clusterSize);
					await this.#stored.read(unit * this.#unit.length, packed);
					// Reads may be under way at once: nothing waits between here and the use of what is decoded.
					this.#decode(unit, packed);
				}
				const start = at - unit * this.#unit.length;
				piece.set(this.#unit.subarray(start, start + piece.length));
			}
			at = next;
		}
	}

	/**
	 * Clusters that the unit has.
	 * @throws AfterimageError `structure-damaged` when there is one behind a hole
	 */
	#clusters(unit: number): number {
		const { runs, at } = this.#stream;
		const first = unit * unitClusters;
		const end = Math.min(first + unitClusters, runs.end);
		let count = 0;
		let run = runs.find(first);
		for (let vcn = first; vcn < end; run++) {
			const length = Math.min(end, runs.starts[run]! + runs.lengths[run]!) - vcn;
			if (runs.lcns[run]! !== hole) {
				if (first + count !== vcn)
					throw damaged('structure-damaged', `Compressed stream, unit ${unit}`, at, 'clusters before the hole', vcn);
				count += length;
			}
			vcn += length;
		}
		return count;
	}

	#decode(unit: number, packed: Uint8Array): void {
		this.#decoded = -1;
		decodeLznt1(packed, this.#unit, this.#stream.at);
		this.#decoded = unit;
	}
}
