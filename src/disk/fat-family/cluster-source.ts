import { throwIfAborted } from '../../base/abort.ts';
import { checkRange, readBytes, type ByteSource } from '../../base/bytes.ts';
import type { ClusterRuns } from './cluster-runs.ts';
import type { ExtentSink } from '../files.ts';

/** Where the clusters of a volume lie. Bytes. */
export interface ClusterPlaces {
	readonly volume: ByteSource;
	/** Of cluster 2, from the volume's start. */
	readonly offset: number;
	readonly clusterSize: number;
}

/** The contents of a file that lies in clusters. Clusters that are neighbours are read at once. */
export class ClusterSource implements ByteSource {
	readonly #places: ClusterPlaces;
	readonly #runs: ClusterRuns;
	readonly size: number;
	/** Bytes that were written; zeros follow. */
	readonly #written: number;

	/** @param runs clusters for `written` bytes at least, which are `size` at most */
	constructor(places: ClusterPlaces, runs: ClusterRuns, size: number, written: number) {
		this.#places = places;
		this.#runs = runs;
		this.size = size;
		this.#written = written;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read of a file', offset, target.length, this.size);
		const { volume, clusterSize } = this.#places;
		const stored = Math.max(0, Math.min(target.length, this.#written - offset));
		target.fill(0, stored);
		let run = stored === 0 ? 0 : this.#runs.find(Math.floor(offset / clusterSize));
		for (let done = 0; done < stored; run++) {
			const within = offset + done - this.#runs.before(run) * clusterSize;
			const length = Math.min(stored - done, this.#runs.length(run) * clusterSize - within);
			await volume.read(placeOf(this.#places, this.#runs.start(run)) + within, target.subarray(done, done + length));
			done += length;
		}
	}
}

/** Byte of the volume where a cluster begins. */
function placeOf({ offset, clusterSize }: ClusterPlaces, cluster: number): number {
	return offset + (cluster - 2) * clusterSize;
}

/** Where the first `length` bytes of a chain lie. */
export function collectClusters(places: ClusterPlaces, runs: ClusterRuns, length: number, sink: ExtentSink): void {
	const { clusterSize } = places;
	for (let run = 0; run < runs.count; run++) {
		const left = length - runs.before(run) * clusterSize;
		if (left <= 0) return;
		const start = placeOf(places, runs.start(run));
		sink.add(start, start + Math.min(left, runs.length(run) * clusterSize));
	}
}

/** Bytes of the volume that lie together, and where they do. */
export interface VolumePiece {
	readonly bytes: Uint8Array;
	readonly at: number;
}

const longestPiece = 1024 * 1024;

/** `length` bytes from `offset` of the volume on, in pieces of at most 1 MiB. */
export async function* volumePieces(
	volume: ByteSource,
	offset: number,
	length: number,
	signal: AbortSignal | undefined,
): AsyncGenerator<VolumePiece> {
	for (let done = 0; done < length; done += longestPiece) {
		throwIfAborted(signal);
		const at = offset + done;
		yield { bytes: await readBytes(volume, at, Math.min(longestPiece, length - done)), at };
	}
}

/** The bytes of the clusters in their order, in pieces of at most 1 MiB. */
export async function* clusterPieces(
	places: ClusterPlaces,
	runs: ClusterRuns,
	signal: AbortSignal | undefined,
): AsyncGenerator<VolumePiece> {
	for (let run = 0; run < runs.count; run++) {
		yield* volumePieces(places.volume, placeOf(places, runs.start(run)), runs.length(run) * places.clusterSize, signal);
	}
}
