import type { ByteSource } from '../../../base/bytes.ts';
import { AfterimageError, damaged } from '../../../base/errors.ts';
import type { Decompressors, OpenFilesOptions } from '../../files.ts';
import { DataChecksums } from './data-checksums.ts';
import { DataReader } from './data-reader.ts';
import { unsupportedReason } from '../features.ts';
import { NodeCache } from '../node-cache.ts';
import { NodeReader } from '../node-reader.ts';
import type { NodeReference } from '../node-reference.ts';
import { TreeSearch } from '../search.ts';
import { objectId } from '../structures.ts';
import type { BtrfsSuperblock } from '../superblock.ts';
import { findTree, readChunks } from '../trees.ts';

/** A file system whose files are read: what all its folders and files share. */
export interface BtrfsVolume {
	readonly sb: BtrfsSuperblock;
	readonly search: TreeSearch;
	readonly data: DataReader;
	readonly decompressors: Decompressors;
	/** Root of the tree of an object id; undefined when there is none. */
	readonly findTree: (id: number) => Promise<NodeReference | undefined>;
}

/**
 * As the last transaction left it: a tree log is not replayed.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported` for a feature or profile
 */
export async function openBtrfsVolume(
	source: ByteSource,
	sb: BtrfsSuperblock,
	{ decompressors, signal }: OpenFilesOptions,
): Promise<BtrfsVolume> {
	const unsupported = unsupportedReason(sb);
	if (unsupported !== undefined) throw new AfterimageError('not-supported', `Its files are not read: ${unsupported}`);
	const chunks = await readChunks(source, sb, signal);
	if (chunks.unsupported !== undefined) {
		throw new AfterimageError('not-supported', `Its files are not read: ${chunks.unsupported}`);
	}
	const search = new TreeSearch(new NodeCache(new NodeReader(source, sb, chunks)));
	const checksumTree = await findTree(search, sb, objectId.checksumTree);
	if (checksumTree === undefined) {
		throw damaged('structure-damaged', 'Btrfs root tree', sb.root, 'a tree of checksums', 'none');
	}
	const data = new DataReader(source, sb, chunks, new DataChecksums(search, sb, checksumTree));
	return { sb, search, data, decompressors, findTree: (id) => findTree(search, sb, id) };
}
