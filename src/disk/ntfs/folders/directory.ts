import { throwIfAborted } from '../../../base/abort.ts';
import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { ascii, struct, u16, u32, u64, u64big } from '../../../base/struct.ts';
import { attributeTypes } from '../records/attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { openStream } from '../files/data-stream.ts';
import { applyFixups } from '../records/fixup.ts';
import { IndexBitmap } from './index-bitmap.ts';
import { parseIndexNode, type DirectoryEntry } from './index-entries.ts';
import type { NtfsFile } from '../records/mft.ts';
import { extentsOf, mapStream, StreamSource, type MappedStream } from '../records/stream.ts';

/** $INDEX_ROOT up to the root node, which follows. */
const IndexRoot = struct('NTFS index root', 0x10, {
	type: u32(0x00),
	collation: u32(0x04),
	blockSize: u32(0x08),
});

/** INDX block up to its node (INDEX_ALLOCATION_BUFFER). */
const IndexBlock = struct('NTFS index block', 0x18, {
	magic: ascii(0x00, 4),
	usaOffset: u16(0x04),
	usaCount: u16(0x06),
	lsn: u64big(0x08),
	vcn: u64(0x10),
});

/** Name of the index of file names. */
const fileNames = '$I30';

/**
 * Every entry of a directory, from the root of its B-tree down, in no special order.
 * @throws AfterimageError `structure-damaged` when a node is damaged, lies outside the index, is free in its bitmap or is
 * its own ancestor; `cancelled`
 */
export async function* directoryEntries(
	directory: NtfsFile,
	volume: ByteSource,
	geometry: Geometry,
	signal: AbortSignal | undefined,
): AsyncGenerator<DirectoryEntry, void, undefined> {
	const [root] = extentsOf(directory.attributes, attributeTypes.indexRoot, fileNames);
	if (!root?.resident)
		throw damaged('structure-damaged', 'Directory, index root', directory.record.at, 'a resident attribute', 'none');
	const { blockSize } = new IndexRoot(root.value);
	if (blockSize < 512 || blockSize > 64 * 1024 || (blockSize & (blockSize - 1)) !== 0)
		throw damaged('structure-damaged', 'Index root, block size', root.at, '512 to 65536, a power of two', blockSize);

	const top = parseIndexNode(root.value.subarray(IndexRoot.size), root.at);
	yield* top.entries;
	if (top.children.length === 0) return;
	const stream = allocation(directory, geometry);
	const source = new StreamSource(volume, geometry.clusterSize, stream);
	const bitmap = new IndexBitmap(await openStream(directory, attributeTypes.bitmap, fileNames, volume, geometry));
	// Nodes are numbered by clusters, or by 512 bytes where a cluster is larger than a node.
	const vcnBytes = geometry.clusterSize <= blockSize ? geometry.clusterSize : 512;
	const seen = new Set<number>();
	const waiting = [...top.children];
	for (let vcn = waiting.pop(); vcn !== undefined; vcn = waiting.pop()) {
		throwIfAborted(signal);
		const offset = vcn * vcnBytes;
		if (seen.has(vcn) || offset + blockSize > source.size)
			throw damaged('structure-damaged', 'Index entry, node below', stream.at, 'a node of its own in the index', vcn);
		seen.add(vcn);
		if (!(await bitmap.inUse(offset / blockSize)))
			throw damaged(
				'structure-damaged',
				'Index entry, node below',
				stream.at,
				'a node in use',
				`${vcn}, which is free`,
			);
		const block = await readBytes(source, offset, blockSize);
		const at = source.locate(offset);
		applyFixups(block, ['INDX'], at);
		const header = new IndexBlock(block);
		if (header.vcn !== vcn) throw damaged('structure-damaged', 'Index block, its own VCN', at, vcn, header.vcn);
		const node = parseIndexNode(block.subarray(IndexBlock.size), at + IndexBlock.size);
		yield* node.entries;
		waiting.push(...node.children);
	}
}

function allocation(directory: NtfsFile, geometry: Geometry): MappedStream {
	const extents = extentsOf(directory.attributes, attributeTypes.indexAllocation, fileNames);
	return mapStream(
		extents.filter((extent) => !extent.resident),
		geometry,
	);
}
