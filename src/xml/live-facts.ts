/**
 * What only the running computer knows, asked for when a feature needs it. Answers may come from a cache; a port that
 * knows nothing gives empty lists.
 */
export interface LiveFacts {
	disks(): Promise<readonly LiveDisk[]>;
	/** Folders, by full path, that begin with what has been typed. */
	folders(typed: string): Promise<readonly string[]>;
}

export interface LiveDisk {
	/** GPT disk GUID in upper case, or the 8 hexadecimal digits of an MBR signature; empty where there is none. */
	readonly id: string;
	readonly path: string;
	readonly number: number;
	readonly model: string;
	/** Bytes. */
	readonly size: number;
	readonly partitions: readonly LivePartition[];
}

export interface LivePartition {
	readonly number: number;
	/** Bytes from the start of the disk. */
	readonly start: number;
	/** Bytes. */
	readonly length: number;
	readonly fileSystem: string;
	readonly label: string;
	/** Bytes that are stored; undefined when that is the whole partition. */
	readonly used: number | undefined;
	readonly mountedAt: readonly string[];
}

/** Knows nothing. */
export const noFacts: LiveFacts = { disks: () => Promise.resolve([]), folders: () => Promise.resolve([]) };

export function findDisk(disks: readonly LiveDisk[], signature: string): LiveDisk | undefined {
	const wanted = signature.trim().toUpperCase();
	return wanted === '' ? undefined : disks.find(({ id }) => id.toUpperCase() === wanted);
}
