import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { ClusterBits } from '../fat-family/cluster-bits.ts';
import { bitsOf, type FatGeometry } from './boot-sector.ts';

/** Bytes read at once: a multiple of 3 so that FAT12 entries, three bytes a pair, are never cut; and of 4. */
const chunkLength = 3 * 256 * 1024;
const firstCluster = 2;

/**
 * Reads the whole FAT and tells which clusters are in use: those whose entry is not 0, bad ones included. Cluster 2 of
 * the volume is bit 0.
 * @throws AfterimageError `structure-damaged` when two FATs differ or a chain leads into a free cluster or out of the volume
 */
export async function scanFat(
	volume: ByteSource,
	geometry: FatGeometry,
	signal: AbortSignal | undefined,
): Promise<ClusterBits> {
	const used = new ClusterBits(geometry.clusterCount);
	const linkedTo = new ClusterBits(geometry.clusterCount);
	const entryBits = bitsOf[geometry.type];
	const length = Math.ceil(((geometry.clusterCount + firstCluster) * entryBits) / 8);
	const fat = geometry.activeFat ?? 0;
	for (let at = 0; at < length; at += chunkLength) {
		throwIfAborted(signal);
		const size = Math.min(chunkLength, length - at);
		const chunk = await readFat(volume, geometry, fat, at, size);
		if (geometry.activeFat === undefined) await compareFats(volume, geometry, at, chunk);
		markChunk(geometry, chunk, (at * 8) / entryBits, used, linkedTo);
	}
	if (geometry.rootCluster !== 0) linkedTo.set(geometry.rootCluster - firstCluster);
	const lost = linkedTo.firstMissingIn(used);
	if (lost !== -1) {
		const cluster = lost + firstCluster;
		const at = geometry.fatOffset + fat * geometry.fatLength + Math.floor((cluster * entryBits) / 8);
		throw damaged('structure-damaged', `FAT entry of cluster ${cluster}, which a chain needs,`, at, 'in use', 'free');
	}
	return used;
}

async function readFat(volume: ByteSource, geometry: FatGeometry, fat: number, at: number, size: number) {
	return readBytes(volume, geometry.fatOffset + fat * geometry.fatLength + at, size);
}

/** Entries 0 and 1 hold flags and may lawfully differ for a moment; the clusters' own entries may not. */
async function compareFats(volume: ByteSource, geometry: FatGeometry, at: number, chunk: Uint8Array): Promise<void> {
	const skip = at === 0 ? Math.min(chunk.length, (firstCluster * bitsOf[geometry.type]) / 8) : 0;
	for (let fat = 1; fat < geometry.fatCount; fat++) {
		const copy = await readFat(volume, geometry, fat, at, chunk.length);
		if (Buffer.compare(chunk.subarray(skip), copy.subarray(skip)) === 0) continue;
		let i = skip;
		while (chunk[i] === copy[i]) i++;
		const where = geometry.fatOffset + fat * geometry.fatLength + at + i;
		const advice = 'Let the file system be repaired (chkdsk /f, or fsck.fat), then image it again.';
		throw damaged('structure-damaged', `FAT ${fat + 1} differs from FAT 1`, where, chunk[i]!, copy[i]!, advice);
	}
}

/** @param firstEntry number of the chunk's first entry */
function markChunk(
	geometry: FatGeometry,
	chunk: Uint8Array,
	firstEntry: number,
	used: ClusterBits,
	linkedTo: ClusterBits,
): void {
	const { type, clusterCount } = geometry;
	const end = clusterCount + firstCluster;
	const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
	const entries = Math.min(end - firstEntry, Math.floor((chunk.length * 8) / bitsOf[type]));
	// End-of-chain and bad-cluster marks; where a cluster has a number from ..f0 on, the number counts.
	const firstMark = type === 'FAT12' ? 0xff0 : type === 'FAT16' ? 0xfff0 : 0x0fff_fff0;
	for (let i = firstEntry < firstCluster ? firstCluster - firstEntry : 0; i < entries; i++) {
		let value: number;
		if (type === 'FAT32') value = view.getUint32(i * 4, true) & 0x0fff_ffff;
		else if (type === 'FAT16') value = view.getUint16(i * 2, true);
		else {
			const pair = view.getUint16((i * 3) >>> 1, true);
			value = (i & 1) === 0 ? pair & 0xfff : pair >>> 4;
		}
		if (value === 0) continue;
		const cluster = firstEntry + i - firstCluster;
		used.set(cluster);
		if (value === 1 || (value >= end && value >= firstMark)) continue;
		if (value >= end) {
			const at = geometry.fatOffset + Math.floor(((firstEntry + i) * bitsOf[type]) / 8);
			throw damaged('structure-damaged', `FAT entry of cluster ${cluster + 2}`, at, `below ${end}`, value);
		}
		linkedTo.set(value - firstCluster);
	}
}
