import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { readBytes } from '../../base/bytes.ts';
import { AfterimageError, damaged } from '../../base/errors.ts';
import { uuidFromBytes } from '../../base/guid.ts';
import type { FileTree, OpenFilesOptions } from '../files.ts';
import type { FileSystem, FileSystemDriver, FileSystemInfo, OpenOptions } from '../filesystem.ts';
import { superblockChecksum } from './checksum.ts';
import { countFreeClusters } from './descriptors.ts';
import { Incompat, RoCompat, typeName, unknownFeatures, unknownIncompat } from './features.ts';
import { openTree } from './files/file-tree.ts';
import type { Geometry } from './geometry.ts';
import { readGeometry } from './geometry.ts';
import { totalClusters } from './groups.ts';
import { dirtyReason } from './state.ts';
import { Superblock, superblockMagic, superblockOffset } from './structures.ts';
import { collectUsed } from './used-map.ts';

/**
 * ext2, ext3 and ext4, told from the primary superblock alone: a damaged one is an error, never replaced by a backup.
 * An external journal device is recognised too and stored whole.
 */
export const extDriver: FileSystemDriver = { name: 'ext', open };

async function open(volume: ByteSource, options: OpenOptions): Promise<FileSystem | undefined> {
	throwIfAborted(options.signal);
	const superblock = await readSuperblock(volume);
	if (superblock === undefined) return undefined;
	const common = {
		type: typeName(superblock),
		label: text(superblock.volumeName),
		uuid: uuidFromBytes(superblock.uuid),
		reservedBytes: 0,
	};
	if ((superblock.incompat & Incompat.journalDevice) !== 0)
		return whole(volume, describeJournal(volume, superblock, common));

	const geometry = readGeometry(superblock, volume.size);
	const freeClusters = await displayedFreeClusters(volume, superblock, geometry, options.signal);
	const clusterSize = geometry.blockSize * geometry.clusterRatio;
	const size = geometry.blocks * geometry.blockSize;
	const free = Math.min(size, freeClusters * clusterSize);
	const info: FileSystemInfo = {
		...common,
		size,
		used: size - free,
		free,
		clusterSize,
		totalClusters: totalClusters(geometry),
		freeClusters,
		dirty: await dirtyReason(volume, superblock, geometry, options.frozen ?? false),
	};
	const openFiles = (filesOptions: OpenFilesOptions) => openFilesOf(volume, superblock, geometry, filesOptions);
	if (info.dirty !== undefined) return { ...whole(volume, info), openFiles };
	return { info, collectUsed: (sink, signal) => collectUsed(volume, geometry, sink, signal), openFiles };
}

/** @throws AfterimageError `not-supported` when the folders may mean what is not known here */
async function openFilesOf(
	volume: ByteSource,
	superblock: Superblock,
	geometry: Geometry,
	{ signal }: OpenFilesOptions,
): Promise<FileTree> {
	throwIfAborted(signal);
	const unknown = unknownIncompat(superblock);
	if (unknown !== 0) {
		const bits = `incompat 0x${unknown.toString(16)}`;
		throw new AfterimageError(
			'not-supported',
			`Files of ${typeName(superblock)} with the features ${bits} are not read`,
		);
	}
	return openTree(volume, geometry, signal);
}

/** From the descriptors, or where these are damaged or not understood, from the superblock. */
async function displayedFreeClusters(
	volume: ByteSource,
	superblock: Superblock,
	geometry: Geometry,
	signal: AbortSignal | undefined,
): Promise<number> {
	if (unknownFeatures(superblock) === undefined) {
		const counted = await countFreeClusters(volume, geometry, signal);
		if (counted !== undefined) return counted;
	}
	const wide = (superblock.incompat & Incompat.bits64) !== 0;
	const blocks = superblock.freeBlocksCountLow + (wide ? superblock.freeBlocksCountHigh * 0x1_0000_0000 : 0);
	return Math.min(totalClusters(geometry), Math.floor(blocks / geometry.clusterRatio));
}

/** A file system whose every byte counts as used: a dirty one, or one without a map. */
function whole(volume: ByteSource, info: FileSystemInfo): FileSystem {
	return {
		info,
		async collectUsed(sink, signal) {
			throwIfAborted(signal);
			sink.add(0, volume.size);
		},
	};
}

type Common = Pick<FileSystemInfo, 'type' | 'label' | 'uuid' | 'reservedBytes'>;

function describeJournal(volume: ByteSource, superblock: Superblock, common: Common): FileSystemInfo {
	if (superblock.logBlockSize > 6) {
		throw wrong('logBlockSize', '0 to 6', superblock.logBlockSize);
	}
	const blockSize = 1024 << superblock.logBlockSize;
	const room = Math.floor(volume.size / blockSize);
	const blocks = superblock.blocksCountLow;
	if (blocks > room) throw wrong('blocksCountLow', `0 to ${room}`, blocks);
	const size = blocks * blockSize;
	return {
		...common,
		size,
		used: size,
		free: 0,
		clusterSize: blockSize,
		totalClusters: blocks,
		freeClusters: 0,
		dirty: undefined,
	};
}

/** On a mounted volume a read may fall between a change and its checksum, so a wrong checksum is read again. */
const attempts = 3;

/**
 * @returns undefined when the magic number is not there
 * @throws AfterimageError `structure-damaged` when the checksum is wrong
 */
async function readSuperblock(volume: ByteSource): Promise<Superblock | undefined> {
	if (volume.size < superblockOffset + Superblock.size) return undefined;
	for (let attempt = 1; ; attempt++) {
		const superblock = new Superblock(await readBytes(volume, superblockOffset, Superblock.size));
		if (superblock.magic !== superblockMagic) return undefined;
		if ((superblock.roCompat & RoCompat.metadataChecksum) === 0) return superblock;
		if (superblock.checksumType !== 1) throw wrong('checksumType', '1 (crc32c)', superblock.checksumType);
		const real = superblockChecksum(superblock);
		if (superblock.checksum === real) return superblock;
		if (attempt === attempts)
			throw wrong('checksum', `0x${real.toString(16)}`, `0x${superblock.checksum.toString(16)}`);
	}
}

function wrong(field: keyof typeof Superblock.offset, expected: string, found: string | number): Error {
	const at = superblockOffset + Superblock.offset[field];
	return damaged('structure-damaged', `ext4_super_block.${field}`, at, expected, found);
}

/** A label in UTF-8 that ends with its field or the first NUL. */
function text(bytes: Uint8Array): string {
	const end = bytes.indexOf(0);
	return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
