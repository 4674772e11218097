import { checkRange, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import type { Attribute, NonResidentAttribute } from './attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { appendRuns, hole, RunList } from './run-list.ts';
import type { FileBytes, FileExtent } from '../../files.ts';

/** A non-resident stream: its runs and its sizes in bytes, which are checked against each other. */
export interface MappedStream {
	readonly runs: RunList;
	readonly flags: number;
	readonly dataSize: number;
	readonly initializedSize: number;
	/** Byte offset of its first attribute in the partition, for messages. */
	readonly at: number;
}

/** The attribute of that type and name among a file's attributes; several when it is mapped in extents. */
export function extentsOf(attributes: readonly Attribute[], type: number, name: string): Attribute[] {
	return attributes.filter((attribute) => attribute.type === type && attribute.name === name);
}

/**
 * Joins the extents of a non-resident attribute, whatever their order.
 * @throws AfterimageError `structure-damaged` for gaps, or sizes that the runs cannot hold
 */
export function mapStream(extents: readonly NonResidentAttribute[], geometry: Geometry): MappedStream {
	const sorted = extents.toSorted((a, b) => a.lowestVcn - b.lowestVcn);
	const [first] = sorted;
	if (first === undefined) throw damaged('structure-damaged', 'Stream', 0, 'an extent', 'none');
	const runs = new RunList();
	for (const extent of sorted) appendRuns(runs, extent, geometry.totalClusters);
	checkSizes(runs, first, geometry);
	const { dataSize, initializedSize, flags, at } = first;
	return { runs, flags, dataSize, initializedSize, at };
}

/**
 * Compares the sizes in a stream's first extent with all of its runs.
 * @throws AfterimageError `structure-damaged`
 */
export function checkSizes(runs: RunList, first: NonResidentAttribute, geometry: Geometry): void {
	const { allocatedSize, dataSize, initializedSize, at } = first;
	if (allocatedSize !== runs.end * geometry.clusterSize)
		throw damaged('structure-damaged', 'Stream, allocated size', at, runs.end * geometry.clusterSize, allocatedSize);
	if (dataSize > allocatedSize)
		throw damaged('structure-damaged', 'Stream, data size', at, `at most ${allocatedSize}`, dataSize);
	if (initializedSize > dataSize)
		throw damaged('structure-damaged', 'Stream, initialized size', at, `at most ${dataSize}`, initializedSize);
}

/** Neither compressed, encrypted nor sparse: its clusters hold its bytes as they are. */
export function isPlain(stream: MappedStream): boolean {
	return stream.flags === 0 && !stream.runs.lcns.includes(hole);
}

/**
 * The stream `type`/`name` of one of the file system's own files, which is never resident, compressed or sparse.
 * @throws AfterimageError `structure-damaged`
 */
export function systemStream(
	attributes: readonly Attribute[],
	type: number,
	what: string,
	geometry: Geometry,
): MappedStream {
	const extents = extentsOf(attributes, type, '');
	const mapped = extents.filter((extent) => !extent.resident);
	const at = extents[0]?.at ?? attributes[0]?.at ?? 0;
	if (mapped.length === 0 || mapped.length !== extents.length)
		throw damaged(
			'structure-damaged',
			what,
			at,
			'a non-resident stream',
			extents.length === 0 ? 'none' : 'a resident one',
		);
	const stream = mapStream(mapped, geometry);
	if (!isPlain(stream)) throw damaged('structure-damaged', what, at, 'neither compressed nor sparse', stream.flags);
	return stream;
}

/** Reads a stream's bytes through its runs. Holes and what lies beyond the initialized size read as zeros. */
export class StreamSource implements FileBytes {
	readonly #volume: ByteSource;
	readonly #clusterSize: number;
	readonly #runs: RunList;
	readonly #dataSize: number;
	readonly #initialized: number;

	constructor(volume: ByteSource, clusterSize: number, stream: MappedStream) {
		this.#volume = volume;
		this.#clusterSize = clusterSize;
		this.#runs = stream.runs;
		this.#initialized = stream.initializedSize;
		this.#dataSize = stream.dataSize;
	}

	/** Bytes of the stream, as far as its runs are known: those of the $MFT are found while it is read. */
	get size(): number {
		return Math.min(this.#dataSize, this.#runs.end * this.#clusterSize);
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read of a stream', offset, target.length, this.size);
		const stored = Math.max(0, Math.min(target.length, this.#initialized - offset));
		target.fill(0, stored);
		let done = 0;
		let run = this.#runs.find(Math.floor(offset / this.#clusterSize));
		while (done < stored) {
			const within = offset + done - this.#runs.starts[run]! * this.#clusterSize;
			const length = Math.min(stored - done, this.#runs.lengths[run]! * this.#clusterSize - within);
			const piece = target.subarray(done, done + length);
			const lcn = this.#runs.lcns[run]!;
			if (lcn === hole) piece.fill(0);
			else await this.#volume.read(lcn * this.#clusterSize + within, piece);
			done += length;
			run++;
		}
	}

	extentAt(offset: number, stop: number): FileExtent {
		if (offset >= this.#initialized) return { end: stop, stored: false };
		const run = this.#runs.find(Math.floor(offset / this.#clusterSize));
		const end = (this.#runs.starts[run]! + this.#runs.lengths[run]!) * this.#clusterSize;
		return { end: Math.min(stop, end, this.#initialized), stored: this.#runs.lcns[run]! !== hole };
	}

	/** Byte offset in the partition of a byte of the stream that is not in a hole. */
	locate(offset: number): number {
		const run = this.#runs.find(Math.floor(offset / this.#clusterSize));
		return (this.#runs.lcns[run]! - this.#runs.starts[run]!) * this.#clusterSize + offset;
	}
}
