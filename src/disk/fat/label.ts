import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import type { FatGeometry } from './boot-sector.ts';
import { FatDirectoryEntry } from './structures.ts';

const volumeId = 0x08;
const longName = 0x0f;
const deleted = 0xe5;
/** Longest directory that FAT allows. */
const longestDirectory = 65_536 * FatDirectoryEntry.size;

/**
 * Label in the root directory's volume entry, which Windows goes by; the boot sector's when there is none.
 * Bytes above 0x7f are in the formatting system's code page, which nothing records; they come as ISO 8859-1.
 */
export async function readFatLabel(
	volume: ByteSource,
	geometry: FatGeometry,
	signal: AbortSignal | undefined,
): Promise<string> {
	for await (const piece of rootDirectory(volume, geometry, signal)) {
		for (let at = 0; at + FatDirectoryEntry.size <= piece.length; at += FatDirectoryEntry.size) {
			if (piece[at] === 0) return geometry.label;
			if (piece[at] === deleted) continue;
			const entry = new FatDirectoryEntry(piece, at);
			if ((entry.attributes & volumeId) !== 0 && (entry.attributes & longName) !== longName) return entry.name;
		}
	}
	return geometry.label;
}

async function* rootDirectory(volume: ByteSource, geometry: FatGeometry, signal: AbortSignal | undefined) {
	if (geometry.rootCluster === 0) {
		yield await readBytes(volume, geometry.rootOffset, geometry.rootLength);
		return;
	}
	let cluster = geometry.rootCluster;
	for (let length = 0; length < longestDirectory; length += geometry.clusterSize) {
		throwIfAborted(signal);
		if (cluster < 2 || cluster > geometry.clusterCount + 1) return;
		yield await readBytes(volume, geometry.dataOffset + (cluster - 2) * geometry.clusterSize, geometry.clusterSize);
		const at = geometry.fatOffset + (geometry.activeFat ?? 0) * geometry.fatLength + cluster * 4;
		const entry = await readBytes(volume, at, 4);
		cluster = new DataView(entry.buffer).getUint32(0, true) & 0x0fff_ffff;
	}
}
