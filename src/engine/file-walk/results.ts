import type { LeftOutFile } from '../requests/files.ts';

/** A file or folder of which something lies in damaged blocks. */
export interface DamagedFile {
	/** In the partition, names divided by `/`; empty for the root folder. */
	readonly path: string;
	readonly kind: 'file' | 'folder';
	/** Bytes in damaged blocks, as they are stored; those of blocks that only map the contents among them. */
	readonly bytes: number;
}

/** What lies in the damaged blocks of a partition. Lists are bounded, all partitions together; numbers count all. */
export interface PartitionDamage {
	readonly disk: number;
	readonly partition: number;
	/** As the partition list has it; empty where it could not be told. */
	readonly fileSystem: string;
	readonly files: readonly DamagedFile[];
	readonly fileCount: number;
	/** What could not be read, with the reason; what lies in folders among them has no names. */
	readonly unreadable: readonly LeftOutFile[];
	readonly unreadableCount: number;
	readonly badBlocks: number;
	/** Bad blocks in which nothing of any file or folder was found: free space, or structures of the file system. */
	readonly otherBlocks: number;
	/** Why the files could not be looked at; undefined when they were. */
	readonly objection: string | undefined;
}

/** What was found in the file system of a partition. Lists are bounded, all partitions together; numbers count all. */
export interface FileSystemCheck {
	readonly disk: number;
	readonly partition: number;
	/** As {@link PartitionDamage.fileSystem}. */
	readonly fileSystem: string;
	/** Why its files were not looked at, where that is no fault: nothing here reads what the partition holds. */
	readonly notChecked: string | undefined;
	readonly files: number;
	readonly folders: number;
	/** What is wrong, by path; the empty one is that of the file system as a whole. */
	readonly problems: readonly LeftOutFile[];
	readonly problemCount: number;
	/** What could not be looked at, or is wrong in a file system that was not in order when it was imaged. */
	readonly warnings: readonly LeftOutFile[];
	readonly warningCount: number;
	/** Why file systems were not in order when they were imaged: what is found in them is a warning. */
	readonly notInOrder: readonly LeftOutFile[];
}
