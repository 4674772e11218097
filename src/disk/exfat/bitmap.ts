import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { ExfatGeometry } from './boot-sector.ts';
import { followChain } from './chain.ts';
import type { ExfatRoot } from './root.ts';

const longestPiece = 1024 * 1024;

/** Where the allocation bitmap lies. */
export interface ExfatBitmap {
	readonly starts: readonly number[];
	readonly lengths: readonly number[];
	/** Bytes that hold a bit for each cluster. */
	readonly byteLength: number;
}

/**
 * Finds the bitmap through the FAT: no flag says that its clusters are contiguous.
 * @throws AfterimageError `structure-damaged`
 */
export async function locateBitmap(
	volume: ByteSource,
	geometry: ExfatGeometry,
	root: ExfatRoot,
	signal: AbortSignal | undefined,
): Promise<ExfatBitmap> {
	const { firstCluster } = root.bitmap;
	const byteLength = Math.ceil(geometry.clusterCount / 8);
	const needed = Math.ceil(byteLength / geometry.clusterSize);
	const most = Math.max(needed, Math.min(Math.ceil(root.bitmap.dataLength / geometry.clusterSize), 2 * needed + 1));
	const { starts, lengths, clusters } = await followChain(volume, geometry, firstCluster, most, signal);
	if (clusters < needed) {
		const at = geometry.fatOffset + firstCluster * 4;
		throw damaged('structure-damaged', 'exFAT bitmap chain', at, `at least ${needed} clusters`, clusters);
	}
	return { starts, lengths, byteLength };
}

/** The bitmap in order, in pieces; `first` is the cluster index (0 is cluster 2) of a piece's first bit. */
export async function* bitmapPieces(
	volume: ByteSource,
	geometry: ExfatGeometry,
	bitmap: ExfatBitmap,
	signal: AbortSignal | undefined,
): AsyncGenerator<{ bits: Uint8Array; first: number; count: number }> {
	let done = 0;
	for (const [i, start] of bitmap.starts.entries()) {
		const from = geometry.heapOffset + (start - 2) * geometry.clusterSize;
		const end = Math.min(bitmap.byteLength, done + bitmap.lengths[i]! * geometry.clusterSize);
		const base = done;
		while (done < end) {
			throwIfAborted(signal);
			const bits = await readBytes(volume, from + (done - base), Math.min(longestPiece, end - done));
			const first = done * 8;
			yield { bits, first, count: Math.min(bits.length * 8, geometry.clusterCount - first) };
			done += bits.length;
		}
	}
}

/**
 * The bitmap must call the clusters used that the root directory and the bitmap itself stand in.
 * @throws AfterimageError `structure-damaged` when it does not
 */
export async function checkOwnClusters(
	volume: ByteSource,
	geometry: ExfatGeometry,
	bitmap: ExfatBitmap,
	root: ExfatRoot,
	signal: AbortSignal | undefined,
): Promise<void> {
	const own = [
		{ what: 'root directory', runs: root.runs },
		{ what: 'allocation bitmap', runs: bitmap },
	];
	for await (const piece of bitmapPieces(volume, geometry, bitmap, signal)) {
		for (const { what, runs } of own) {
			const index = firstFree(piece, runs);
			if (index === -1) continue;
			const at = geometry.heapOffset + index * geometry.clusterSize;
			throw damaged('structure-damaged', `exFAT cluster ${index + 2} of the ${what}`, at, 'in use', 'free');
		}
	}
}

/** Index of the first cluster of the runs that the piece calls free, or -1. */
function firstFree(
	piece: { readonly bits: Uint8Array; readonly first: number; readonly count: number },
	runs: ExfatRoot['runs'],
): number {
	for (let i = 0; i < runs.starts.length; i++) {
		const start = runs.starts[i]! - 2;
		const end = Math.min(start + runs.lengths[i]!, piece.first + piece.count);
		for (let index = Math.max(start, piece.first); index < end; index++) {
			const bit = index - piece.first;
			if ((piece.bits[bit >>> 3]! & (1 << (bit & 7))) === 0) return index;
		}
	}
	return -1;
}
