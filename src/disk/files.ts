import type { ByteSource } from '../base/bytes.ts';

/** What a file system's folders list, whatever the system. Times are milliseconds since 1970, UTC; sizes are bytes. */
interface NodeFacts {
	/**
	 * As the file system has it. Bytes that are no UTF-8, and characters that are no UTF-16, are shown as `\xNN`. Never empty,
	 * never `.` or `..`, and never with a `/` or a NUL: such a name is damage.
	 */
	readonly name: string;
	/** Time of the last change of the contents; undefined where none is kept. */
	readonly modified: number | undefined;
	/** Unix permission bits (0 to 0o7777); undefined where the file system has none. */
	readonly mode: number | undefined;
}

export interface FolderNode extends NodeFacts {
	readonly kind: 'folder';
	/**
	 * What lies in the folder, in whatever order it is stored. The file system's own bookkeeping (NTFS's $MFT and its like,
	 * volume labels) is left out. An entry whose own structures are damaged is a {@link DamagedNode} among the others.
	 * @throws AfterimageError `structure-damaged` when the folder itself cannot be read, `read-error`, `cancelled`,
	 * `not-supported` for what is encrypted by the file system
	 */
	list(signal?: AbortSignal): Promise<readonly TreeNode[]>;
}

export interface FileNode extends NodeFacts {
	readonly kind: 'file';
	readonly size: number;
	/**
	 * The bytes of the file, decompressed where the file system compresses; holes, and what was never written, are zeros.
	 * Reads check what they meet: a chain that ends early or runs in a circle is damage, never a wrong byte or an endless loop.
	 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported` with the reason (encrypted by
	 * the file system, a way of compressing that is not read)
	 */
	open(signal?: AbortSignal): Promise<ByteSource>;
}

export interface LinkNode extends NodeFacts {
	readonly kind: 'link';
	/** Where a symbolic link or junction points, as it is stored. @throws as {@link FileNode.open} */
	target(signal?: AbortSignal): Promise<string>;
}

/** A device, a pipe, a socket: there, but without bytes of its own. */
export interface SpecialNode extends NodeFacts {
	readonly kind: 'special';
	/** `character device`, `block device`, `pipe`, `socket`, or what else it is, in words. */
	readonly what: string;
}

/** An entry of a sound folder that leads to damage. */
export interface DamagedNode extends NodeFacts {
	readonly kind: 'damaged';
	/** What is wrong, as the error said it. */
	readonly reason: string;
}

export type TreeNode = FolderNode | FileNode | LinkNode | SpecialNode | DamagedNode;

/** The files of a file system, read from its structures alone. */
export interface FileTree {
	readonly root: FolderNode;
	/** Whether `A` and `a` are two names. */
	readonly caseSensitive: boolean;
}

/** Decoders for what a file system compresses, which need more than this layer has. */
export interface Decompressors {
	/**
	 * Decodes the zstd frame at the start of `source`, what follows it is ignored.
	 * @returns how many bytes it had
	 * @throws AfterimageError `image-damaged` for what is no sound frame, or has more bytes than `target` takes
	 */
	zstd(source: Uint8Array, target: Uint8Array): number;
}

export interface OpenFilesOptions {
	readonly decompressors: Decompressors;
	readonly signal?: AbortSignal;
}
