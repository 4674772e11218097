import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { ExfatGeometry } from './boot-sector.ts';
import { followChain } from './chain.ts';
import { BitmapEntry, LabelEntry, directoryEntrySize, entryType } from './structures.ts';

/** Specification, section 7.4 note on directories: at most 256 MiB. */
const longestDirectory = 256 * 1024 * 1024;

export interface ExfatRoot {
	readonly label: string;
	readonly bitmap: { readonly firstCluster: number; readonly dataLength: number };
	/** Runs of clusters that the root directory takes. */
	readonly runs: { readonly starts: readonly number[]; readonly lengths: readonly number[] };
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
	const most = Math.ceil(longestDirectory / clusterSize);
	const runs = await followChain(volume, geometry, rootCluster, most, signal);
	let label: string | undefined;
	let bitmap: ExfatRoot['bitmap'] | undefined;
	const entries = directoryPieces(volume, geometry, runs);
	search: for await (const piece of entries) {
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

/** The directory in pieces of at most 1 MiB. */
async function* directoryPieces(
	volume: ByteSource,
	geometry: ExfatGeometry,
	runs: ExfatRoot['runs'],
): AsyncGenerator<Uint8Array> {
	const longest = 1024 * 1024;
	for (const [i, start] of runs.starts.entries()) {
		const from = geometry.heapOffset + (start - 2) * geometry.clusterSize;
		const length = runs.lengths[i]! * geometry.clusterSize;
		for (let at = 0; at < length; at += longest) {
			yield await readBytes(volume, from + at, Math.min(longest, length - at));
		}
	}
}

function labelOf(entry: InstanceType<typeof LabelEntry>): string {
	return new TextDecoder('utf-16le').decode(entry.label.subarray(0, Math.min(entry.length, 11) * 2));
}
