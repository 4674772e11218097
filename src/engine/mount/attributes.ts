import type { DeviceNumber, TreeNode } from '../../disk/files.ts';
import { fileType } from './fuse/constants.ts';
import { Attributes } from './fuse/structures.ts';

/** What stands for what a file system does not keep. */
export interface MountFacts {
	readonly uid: number;
	readonly gid: number;
	/** Milliseconds since 1970. */
	readonly time: number;
}

/** Rights where a file system has none: everybody may read, nobody may write. */
const folderRights = 0o555;
const fileRights = 0o444;
const linkRights = 0o777;

/** What is a good size of reads, in bytes. */
const blockSize = 64 * 1024;
/** `st_blocks` counts these. */
const countedBlock = 512;

const specials: Readonly<Record<string, number>> = {
	'character device': fileType.characterDevice,
	'block device': fileType.blockDevice,
	pipe: fileType.pipe,
	socket: fileType.socket,
};

/** What kind of file a node is, as in a mode; 0 for a damaged one. What nothing in Linux is like is an empty file. */
export function typeOf(node: TreeNode): number {
	switch (node.kind) {
		case 'folder':
			return fileType.folder;
		case 'file':
			return fileType.file;
		case 'link':
			return fileType.link;
		case 'special':
			return specials[node.what] ?? fileType.file;
		case 'damaged':
			return 0;
	}
}

/**
 * Writes `fuse_attr` of a node into `target`.
 * @param number of its inode
 * @param size bytes; of a link the length of its target
 */
export function writeAttributes(
	target: Uint8Array,
	at: number,
	node: TreeNode,
	number: bigint,
	size: number,
	facts: MountFacts,
): void {
	const type = typeOf(node);
	const { owner = facts, modified = facts.time } = node;
	const accessed = timeOf(node.accessed ?? modified);
	const changed = timeOf(node.changed ?? modified);
	const contents = timeOf(modified);
	const out = new Attributes(target, at);
	out.number = number;
	out.size = size;
	// A link has no blocks of its own where it is short, and nobody counts them.
	out.blocks = node.kind === 'file' ? countedBlocks(node.allocated ?? size) : 0;
	out.accessed = accessed.seconds;
	out.modified = contents.seconds;
	out.changed = changed.seconds;
	out.accessedNanoseconds = accessed.nanoseconds;
	out.modifiedNanoseconds = contents.nanoseconds;
	out.changedNanoseconds = changed.nanoseconds;
	out.mode = type | (node.mode ?? rightsOf(type));
	// One name tells programs nothing of the folders in a folder; two would say that there are none.
	out.links = node.shared?.names ?? 1;
	out.uid = owner.uid;
	out.gid = owner.gid;
	out.device = node.kind === 'special' && node.device !== undefined ? encoded(node.device) : 0;
	out.blockSize = blockSize;
}

/** @param bytes as a damaged inode may have it, too */
function countedBlocks(bytes: number): number {
	return Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(bytes / countedBlock));
}

/** @param milliseconds since 1970 */
function timeOf(milliseconds: number) {
	const seconds = Math.floor(milliseconds / 1000);
	return { seconds, nanoseconds: Math.floor((milliseconds - seconds * 1000) * 1e6) };
}

function rightsOf(type: number): number {
	if (type === fileType.folder) return folderRights;
	return type === fileType.link ? linkRights : fileRights;
}

/** As the kernel takes numbers of devices apart (`new_decode_dev`). */
function encoded({ major, minor }: DeviceNumber): number {
	return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
