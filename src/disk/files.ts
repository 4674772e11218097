import type { ByteSource } from '../base/bytes.ts';
import type { ExtendedAttribute } from './files/extended-attributes.ts';

/** Numbers of the user and group that something belongs to. */
export interface FileOwner {
	readonly uid: number;
	readonly gid: number;
}

/** What the names of a file that has several (hard links) have in common. */
export interface SharedFile {
	/** The same object for all files of a file system. */
	readonly volume: object;
	/** Its number there; on Btrfs that of its subvolume too. */
	readonly number: string;
	/** Names that it has in all folders: 2 or more. */
	readonly names: number;
}

/** What a file system's folders list, whatever the system. Times are milliseconds since 1970, UTC; sizes are bytes. */
interface NodeFacts {
	/**
	 * As the file system has it. Bytes that are no UTF-8, and characters that are no UTF-16, are shown as `\xNN`. Never empty,
	 * never `.` or `..`, and never with a `/` or a NUL: such a name is damage.
	 */
	readonly name: string;
	/** The name as it is stored, where that is bytes and no UTF-8. */
	readonly nameBytes?: Uint8Array | undefined;
	/** Time of the last change of the contents; undefined where none is kept. */
	readonly modified: number | undefined;
	/** Time of the last access; absent where none is known. */
	readonly accessed?: number | undefined;
	/** Time of the last change of the contents or of anything that is told here; absent where none is known. */
	readonly changed?: number | undefined;
	/** Unix permission bits (0 to 0o7777); undefined where the file system has none. */
	readonly mode: number | undefined;
	/** Absent where the file system has none. */
	readonly owner?: FileOwner;
	/** Absent for folders, and where there is one name. */
	readonly shared?: SharedFile | undefined;
	/**
	 * Reads the extended attributes, POSIX access lists among them. Absent where there are none for sure.
	 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported` for more than can be kept in memory
	 */
	readonly attributes?: ((signal?: AbortSignal) => Promise<readonly ExtendedAttribute[]>) | undefined;
}

/** @param names as many as the file system says that the file has */
export function sharedFile(volume: object, number: string, names: number): SharedFile | undefined {
	return names < 2 ? undefined : { volume, number, names };
}

/** Gets to know where on a volume something lies. */
export interface ExtentSink {
	/**
	 * Bytes of the volume that the tree was opened from; `end` is exclusive. Ranges come in any order and may overlap; they lie
	 * behind the volume's end where it is shorter than its file system.
	 */
	add(start: number, end: number): void;
}

/** What has places of its own on the volume. */
interface StoredFacts extends NodeFacts {
	/**
	 * Tells where the contents lie, as they are stored (compressed, every copy), and the blocks that only map them, where the
	 * file system has such. Left out is what reads as zeros (holes, what was never written) and what lies among the structures
	 * of the file system: small files in their inodes or records, the entries of Btrfs.
	 * @throws AfterimageError as what reads the contents, when `sink` may have been told a part; what encrypts them does not matter
	 */
	collectExtents(sink: ExtentSink, signal?: AbortSignal): Promise<void>;
}

export interface FolderNode extends StoredFacts {
	readonly kind: 'folder';
	/**
	 * What lies in the folder, in whatever order it is stored. The file system's own bookkeeping (NTFS's $MFT and its like,
	 * volume labels) is left out. An entry whose own structures are damaged is a {@link DamagedNode} among the others.
	 * @throws AfterimageError `structure-damaged` when the folder itself cannot be read, `read-error`, `cancelled`,
	 * `not-supported` for what is encrypted by the file system
	 */
	list(signal?: AbortSignal): Promise<readonly TreeNode[]>;
}

/** Bytes of a file, one after the other, of one kind. */
export interface FileExtent {
	/** Byte of the file where they end, exclusive. */
	readonly end: number;
	/** Whether something is stored for them; else they are zeros. What is stored may be zeros too. */
	readonly stored: boolean;
}

/** The bytes of a file; most of them may be zeros that nothing stores. */
export interface FileBytes extends ByteSource {
	/**
	 * Of which kind the bytes from `offset` on are. What follows may be of the same kind. Absent where it is not known.
	 * @param stop byte of the file, more than `offset` and at most its size, at which they end at the latest
	 * @throws AfterimageError as reads do
	 */
	extentAt?(offset: number, stop: number): FileExtent | Promise<FileExtent>;
}

export interface FileNode extends StoredFacts {
	readonly kind: 'file';
	readonly size: number;
	/** Bytes that it takes on its volume, as the file system counts them; absent where that is not known. Not checked. */
	readonly allocated?: number | undefined;
	/**
	 * The bytes of the file, decompressed where the file system compresses; holes, and what was never written, are zeros.
	 * Reads check what they meet: a chain that ends early or runs in a circle is damage, never a wrong byte or an endless loop.
	 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported` with the reason (encrypted by
	 * the file system, a way of compressing that is not read)
	 */
	open(signal?: AbortSignal): Promise<FileBytes>;
}

export interface LinkNode extends NodeFacts {
	readonly kind: 'link';
	/** Where a symbolic link or junction points, as it is stored. @throws as {@link FileNode.open} */
	target(signal?: AbortSignal): Promise<string>;
	/** The same as bytes, which need not be UTF-8; absent where it is stored as text. @throws as {@link FileNode.open} */
	targetBytes?(signal?: AbortSignal): Promise<Uint8Array>;
}

/** A device, as Linux numbers them. */
export interface DeviceNumber {
	readonly major: number;
	readonly minor: number;
}

/** A device, a pipe, a socket: there, but without bytes of its own. */
export interface SpecialNode extends NodeFacts {
	readonly kind: 'special';
	/** `character device`, `block device`, `pipe`, `socket`, or what else it is, in words. */
	readonly what: string;
	/** Of a device, where the file system keeps it in the form of Linux. */
	readonly device?: DeviceNumber | undefined;
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
