import { damaged } from '../../../base/errors.ts';
import { checksumMatches } from '../checksum.ts';
import { placeOfInode, type Geometry } from '../geometry.ts';
import { inodeTime } from './inode-time.ts';
import { Dinode, dinodeCore4, magic } from '../structures.ts';

/** `di_format`: what the data fork holds. */
export const forkFormat = { device: 0, local: 1, extents: 2, tree: 3 } as const;

export type InodeKind = 'pipe' | 'character device' | 'folder' | 'block device' | 'file' | 'link' | 'socket';

/** By the upper bits of the mode. */
const kinds: ReadonlyMap<number, InodeKind> = new Map([
	[0o010000, 'pipe'],
	[0o020000, 'character device'],
	[0o040000, 'folder'],
	[0o060000, 'block device'],
	[0o100000, 'file'],
	[0o120000, 'link'],
	[0o140000, 'socket'],
]);

const inodeFlags = { realtime: 0x1 } as const;
const inodeFlags2 = { bigTime: 0x8n, manyExtents: 0x10n } as const;

/** An inode whose checksum and fixed fields have been checked. */
export interface Inode {
	readonly number: number;
	/** Byte of the partition where it begins. */
	readonly at: number;
	readonly kind: InodeKind;
	/** Permission bits, 0 to 0o7777. */
	readonly mode: number;
	/** Milliseconds since 1970. */
	readonly accessed: number;
	readonly changed: number;
	readonly modified: number;
	/** Bytes of a file's content, of a link's target, of a folder's entries. */
	readonly size: number;
	/** Bytes of its blocks in both forks, those of their trees among them. */
	readonly allocated: number;
	/** One of {@link forkFormat}, or a value that nothing here reads. */
	readonly format: number;
	/** The data fork: a view of the memory that was read. */
	readonly fork: Uint8Array;
	/** Number of extents in the data fork. */
	readonly extents: number;
	/** The contents lie on the realtime device. */
	readonly realtime: boolean;
	readonly owner: { readonly uid: number; readonly gid: number };
	/** Names of it. */
	readonly links: number;
	/** The fork of its extended attributes, as `format`, `fork` and `extents`; undefined when there is none. */
	readonly attributes: Fork | undefined;
}

export type Fork = Pick<Inode, 'format' | 'fork' | 'extents'>;

/**
 * @param bytes the inode, of the length that the superblock tells
 * @throws AfterimageError `structure-damaged` when it cannot be right, or is not in use
 */
export function parseInode(geometry: Geometry, number: number, bytes: Uint8Array): Inode {
	const { version, metaUuid } = geometry.volume;
	const at = placeOfInode(geometry, number)!;
	const inode = new Dinode(bytes);
	const check = (field: string, expected: string | number, found: string | number, holds = expected === found) => {
		if (!holds) throw damaged('structure-damaged', `XFS inode ${number}, ${field}`, at, expected, found);
	};
	check('magic number', magic.inode, inode.magic);
	if (version === 5) {
		check('version', 3, inode.version);
		check('checksum', 'a matching CRC-32C', inode.crc, checksumMatches(bytes, Dinode.offset.crc));
		check('own number', number, inode.ino);
		check('UUID', 'that of the superblock', 'another', Buffer.compare(inode.uuid, metaUuid) === 0);
	} else {
		check('version', '1 or 2', inode.version, inode.version === 1 || inode.version === 2);
	}
	const kind = kinds.get(inode.mode & 0o170000);
	if (kind === undefined) {
		const found = inode.mode === 0 ? 'one that is not in use' : `0o${inode.mode.toString(8)}`;
		throw damaged('structure-damaged', `XFS inode ${number}, mode`, at, 'a kind of file', found);
	}
	const core = version === 5 ? Dinode.size : dinodeCore4;
	const room = bytes.length - core;
	const length = inode.forkoff * 8;
	check('fork offset', `at most ${room} bytes`, length, length <= room);
	const flags2 = version === 5 ? inode.flags2 : 0n;
	const manyExtents = (flags2 & inodeFlags2.manyExtents) !== 0n;
	const bigTime = (flags2 & inodeFlags2.bigTime) !== 0n;
	const attributes: Fork = {
		format: inode.aformat,
		fork: bytes.subarray(core + length),
		extents: manyExtents ? inode.nextents : inode.anextents,
	};
	return {
		number,
		at,
		kind,
		mode: inode.mode & 0o7777,
		accessed: inodeTime(inode.atime, bigTime),
		changed: inodeTime(inode.ctime, bigTime),
		modified: inodeTime(inode.mtime, bigTime),
		size: inode.size,
		allocated: Number(inode.nblocks) * geometry.volume.sb.blocksize,
		format: inode.format,
		fork: bytes.subarray(core, core + (length === 0 ? room : length)),
		extents: manyExtents ? inode.bigNextents : inode.nextents,
		realtime: (inode.flags & inodeFlags.realtime) !== 0,
		owner: { uid: inode.uid, gid: inode.gid },
		links: inode.version === 1 ? inode.onlink : inode.nlink,
		attributes:
			length === 0 || (attributes.format === forkFormat.extents && attributes.extents === 0) ? undefined : attributes,
	};
}
