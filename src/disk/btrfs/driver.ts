import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { uuidFromBytes } from '../../base/guid.ts';
import { asDamage } from '../as-damage.ts';
import type { FileSystem, FileSystemDriver, FileSystemInfo, OpenOptions, UsedSink } from '../filesystem.ts';
import type { ChunkMap } from './chunk-map.ts';
import { ExtentCollector } from './extents.ts';
import { openBtrfsFiles } from './files/file-tree.ts';
import { unreplayedReason, unsupportedReason } from './features.ts';
import { NodeCache } from './node-cache.ts';
import { NodeReader } from './node-reader.ts';
import { TreeSearch } from './search.ts';
import { objectId, reservedSize, superblockCopies, superblockSize } from './structures.ts';
import { readSuperblock, type BtrfsSuperblock } from './superblock.ts';
import { TreeReader } from './tree.ts';
import { findTree, readChunks } from './trees.ts';

/**
 * Btrfs on one device, with single and DUP profiles. Used is what the extent tree lists, in all its copies, the
 * superblocks and the first MiB. The trees of the last transaction are whole at any time, so an unclean unmount matters
 * only when a tree log was left; a freeze commits the transaction, after which there is none.
 */
export const btrfsDriver: FileSystemDriver = {
	name: 'Btrfs',
	async open(source, options) {
		const sb = await readSuperblock(source);
		return sb === undefined ? undefined : openVolume(source, sb, options);
	},
};

async function openVolume(source: ByteSource, sb: BtrfsSuperblock, options: OpenOptions): Promise<FileSystem> {
	let dirty = unsupportedReason(sb) ?? unreplayedReason(sb);
	let chunks: ChunkMap | undefined;
	if (dirty === undefined && sb.devTotalBytes > source.size) {
		dirty = `the file system (${sb.devTotalBytes} bytes) is longer than its partition (${source.size} bytes)`;
	}
	if (dirty === undefined) {
		try {
			chunks = await readChunks(source, sb, options.signal);
			dirty = chunks.unsupported;
		} catch (error) {
			dirty = asDamage(error).message;
		}
	}
	const size = Math.min(sb.devTotalBytes, source.size);
	// As the superblock counts: a byte that is kept in two copies is one used byte.
	const used = Math.min(sb.bytesUsed, size);
	const info: FileSystemInfo = {
		type: 'Btrfs',
		label: new TextDecoder().decode(sb.label).replace(/\0.*$/s, ''),
		uuid: uuidFromBytes(sb.fsid),
		deviceUuid: uuidFromBytes(sb.devUuid),
		size,
		used,
		free: size - used,
		clusterSize: sb.sectorsize,
		totalClusters: Math.floor(size / sb.sectorsize),
		freeClusters: Math.floor((size - used) / sb.sectorsize),
		dirty,
		reservedBytes: 0,
	};
	return {
		info,
		async collectUsed(sink, signal) {
			if (dirty !== undefined || chunks === undefined) sink.add(0, source.size);
			else await collectUsed(source, sb, chunks, sink, signal);
		},
		openFiles: (filesOptions) => openBtrfsFiles(source, sb, filesOptions),
	};
}

async function collectUsed(
	source: ByteSource,
	sb: BtrfsSuperblock,
	chunks: ChunkMap,
	sink: UsedSink,
	signal: AbortSignal | undefined,
): Promise<void> {
	sink.add(0, reservedSize);
	for (const copy of superblockCopies) {
		if (copy + superblockSize <= sb.devTotalBytes) sink.add(copy, copy + superblockSize);
	}
	const reader = new TreeReader(source, sb, chunks, signal);
	const collector = new ExtentCollector(sb, chunks, sink);
	const search = new TreeSearch(new NodeCache(new NodeReader(source, sb, chunks)));
	const extents = await findTree(search, sb, objectId.extentTree);
	if (extents === undefined) throw damaged('structure-damaged', 'Btrfs root tree', sb.root, 'an extent tree', 'none');
	await reader.walk(extents, (node, items) => collector.leaf(node, items));
	collector.finish();
	// Whatever follows the file system in its partition is not known to be free.
	if (source.size > sb.devTotalBytes) sink.add(sb.devTotalBytes, source.size);
}
