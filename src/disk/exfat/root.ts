import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { ClusterRuns } from '../fat-family/cluster-runs.ts';
import { clusterPieces } from '../fat-family/cluster-source.ts';
import type { ExfatGeometry } from './boot-sector.ts';
import { exfatTable, soundChain } from './chain.ts';
import { BitmapEntry, LabelEntry, directoryEntrySize, entryType } from './structures.ts';

/** Specification, section 7.4 note on directories: at most 256 MiB. */
export const longestFolder = 256 * 1024 * 1024;

export interface ExfatRoot {
	readonly label: string;
	readonly bitmap: { readonly firstCluster: number; readonly dataLength: number };
	/** The clusters that the root directory takes. */
	readonly runs: ClusterRuns;
}

/**
 * Reads the root directory for the bitmap in use and the label.
 * @throws AfterimageError `structure-damaged` when the bitmap is missing or too short
 */
export async function readExfatRoot(
	volume: ByteSource,
	geometry: ExfatGeometry,
	signal: AbortSignal | undefined,
): Promise<ExfatRoot> {
	const { clusterSize, heapOffset, rootCluster, clusterCount } = geometry;
	const most = Math.ceil(longestFolder / clusterSize);
	const runs = await soundChain(exfatTable(volume, geometry), 'the root directory', rootCluster, most, signal);
	let label: string | undefined;
	let bitmap: ExfatRoot['bitmap'] | undefined;
	const pieces = clusterPieces({ volume, offset: heapOffset, clusterSize }, runs, signal);
	search: for await (const { bytes: piece } of pieces) {
		for (let at = 0; at < piece.length; at += directoryEntrySize) {
			if (piece[at] === 0) break search;
			if (piece[at] === entryType.label && label === undefined) label = labelOf(new LabelEntry(piece, at));
			if (piece[at] !== entryType.bitmap) continue;
			const entry = new BitmapEntry(piece, at);
			if ((entry.flags & 1) === geometry.activeFat) bitmap ??= entry;
		}
	}
	const rootAt = heapOffset + (rootCluster - 2) * clusterSize;
	if (bitmap === undefined) throw damaged('structure-damaged', 'exFAT root directory', rootAt, 'a bitmap', 'none');
	const { firstCluster, dataLength } = bitmap;
	const needed = Math.ceil(clusterCount / 8);
	if (dataLength < needed) {
		throw damaged('structure-damaged', 'exFAT bitmap length', rootAt, `at least ${needed}`, dataLength);
	}
	return { label: label ?? '', bitmap: { firstCluster, dataLength }, runs };
}

function labelOf(entry: InstanceType<typeof LabelEntry>): string {
	return new TextDecoder('utf-16le').decode(entry.label.subarray(0, Math.min(entry.length, 11) * 2));
}
