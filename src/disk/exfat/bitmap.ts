import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { ClusterRuns } from '../fat-family/cluster-runs.ts';
import { clusterPieces } from '../fat-family/cluster-source.ts';
import type { ExfatGeometry } from './boot-sector.ts';
import { exfatTable, soundChain } from './chain.ts';
import type { ExfatRoot } from './root.ts';

/** Where the allocation bitmap lies. */
export interface ExfatBitmap {
	readonly runs: ClusterRuns;
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
	const table = exfatTable(volume, geometry);
	const runs = await soundChain(table, 'the allocation bitmap', firstCluster, most, signal);
	if (runs.clusters < needed) {
		const at = table.locate(firstCluster);
		throw damaged('structure-damaged', 'exFAT bitmap chain', at, `at least ${needed} clusters`, runs.clusters);
	}
	return { runs, byteLength };
}

/** The bitmap in order, in pieces; `first` is the cluster index (0 is cluster 2) of a piece's first bit. */
export async function* bitmapPieces(
	volume: ByteSource,
	geometry: ExfatGeometry,
	bitmap: ExfatBitmap,
	signal: AbortSignal | undefined,
): AsyncGenerator<{ bits: Uint8Array; first: number; count: number }> {
	const { heapOffset, clusterSize, clusterCount } = geometry;
	let done = 0;
	for await (const { bytes } of clusterPieces({ volume, offset: heapOffset, clusterSize }, bitmap.runs, signal)) {
		const bits = bytes.subarray(0, bitmap.byteLength - done);
		const first = done * 8;
		yield { bits, first, count: Math.min(bits.length * 8, clusterCount - first) };
		done += bits.length;
		if (done === bitmap.byteLength) return;
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
		{ what: 'allocation bitmap', runs: bitmap.runs },
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
	for (let run = 0; run < runs.count; run++) {
		const start = runs.start(run) - 2;
		const end = Math.min(start + runs.length(run), piece.first + piece.count);
		for (let index = Math.max(start, piece.first); index < end; index++) {
			const bit = index - piece.first;
			if ((piece.bits[bit >>> 3]! & (1 << (bit & 7))) === 0) return index;
		}
	}
	return -1;
}
