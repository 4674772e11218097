/**
 * Numbers of the kernel's FUSE interface, version 7 (linux/fuse.h), as far as a file system that never changes needs them.
 */

/** What the kernel asks for. */
export const opcode = {
	lookup: 1,
	forget: 2,
	getAttributes: 3,
	setAttributes: 4,
	readLink: 5,
	symbolicLink: 6,
	makeNode: 8,
	makeFolder: 9,
	unlink: 10,
	removeFolder: 11,
	rename: 12,
	link: 13,
	open: 14,
	read: 15,
	write: 16,
	statFileSystem: 17,
	release: 18,
	setExtended: 21,
	getExtended: 22,
	listExtended: 23,
	removeExtended: 24,
	init: 26,
	openFolder: 27,
	readFolder: 28,
	releaseFolder: 29,
	access: 34,
	create: 35,
	interrupt: 36,
	destroy: 38,
	batchForget: 42,
	allocate: 43,
	readFolderPlus: 44,
	rename2: 45,
	seek: 46,
	copyRange: 47,
	temporaryFile: 51,
} as const;

/** What would change something. */
export const writes: ReadonlySet<number> = new Set([
	opcode.setAttributes,
	opcode.symbolicLink,
	opcode.makeNode,
	opcode.makeFolder,
	opcode.unlink,
	opcode.removeFolder,
	opcode.rename,
	opcode.link,
	opcode.write,
	opcode.setExtended,
	opcode.removeExtended,
	opcode.create,
	opcode.allocate,
	opcode.rename2,
	opcode.copyRange,
	opcode.temporaryFile,
]);

/** Numbers of errors, the same on all processors of Linux that Node runs on. */
export const errno = {
	ENOENT: 2,
	EINTR: 4,
	EIO: 5,
	ENXIO: 6,
	EACCES: 13,
	ENOTDIR: 20,
	EISDIR: 21,
	EINVAL: 22,
	EROFS: 30,
	ERANGE: 34,
	ENAMETOOLONG: 36,
	ENOSYS: 38,
	ENODATA: 61,
	EPROTO: 71,
	EOPNOTSUPP: 95,
	ESTALE: 116,
} as const;

/** Bits of `flags` in INIT. */
export const initFlag = {
	/** Reads ahead come beside each other. */
	asyncRead: 1 << 0,
	/** Folders are read with the attributes of what lies in them, where that was of use before. */
	readFolderPlus: 1 << 13,
	readFolderPlusAuto: 1 << 14,
	asyncDirect: 1 << 15,
	/** Lookups in one folder come beside each other. */
	parallelFolders: 1 << 18,
	/** The kernel holds access lists against who asks. */
	accessLists: 1 << 20,
	/** {@link InitOut.maxPages} counts. */
	maxPages: 1 << 22,
	/** Where links point is kept. */
	cacheLinks: 1 << 23,
} as const;

/** Bits of the answer to an open. */
export const openFlag = { keepCache: 1 << 1, cacheFolder: 1 << 3 } as const;

/** Bits of the flags of an open (fcntl.h), and of ACCESS. */
export const accessMode = { mask: 3, readOnly: 0 } as const;
export const accessWrite = 2;

/** `whence` of a seek. */
export const seek = { data: 3, hole: 4 } as const;

/** Kinds of files in a mode (stat.h). */
export const fileType = {
	pipe: 0o010000,
	characterDevice: 0o020000,
	folder: 0o040000,
	blockDevice: 0o060000,
	file: 0o100000,
	link: 0o120000,
	socket: 0o140000,
} as const;

/** The node of the root. */
export const rootNode = 1;

/** `FUSE_NAME_MAX`: longest name of an entry, bytes. */
export const longestName = 1024;
/** Longest target of a link that the kernel takes: a page, and a NUL behind it. */
export const longestTarget = 4095;
