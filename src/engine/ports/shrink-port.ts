/** File systems that can be made smaller, by what makes them so. */
export type ShrinkKind = 'ext' | 'ntfs';

/** What a tool tells of a file system before it is made smaller. */
export interface LeastSize {
	/** Bytes. */
	readonly least: number;
	/** Which tool says so. */
	readonly tool: string;
	/** What it had to put in order first, in its words; empty where nothing. */
	readonly corrected: readonly string[];
}

/**
 * The tools that make file systems smaller, each in a file of its own, which they get as an open descriptor: whoever may write a folder on
 * its way gives them no other file. When the signal aborts they are killed and `cancelled` is thrown; a tool that fails is `failed` with
 * what it said.
 */
export interface ShrinkPort {
	/** @throws AfterimageError `not-supported` naming the tool that is not installed, and its package */
	expectTools(kind: ShrinkKind): Promise<void>;
	/** Checks the file system, and puts in order what has to be. */
	examine(kind: ShrinkKind, fd: number, signal: AbortSignal): Promise<LeastSize>;
	/** @param bytes that the file system has afterwards at most; the file may be as short then */
	shrink(kind: ShrinkKind, fd: number, bytes: number, signal: AbortSignal): Promise<void>;
	/** Holds that it is sound, in a file that is as long as its partition will be. */
	confirm(kind: ShrinkKind, fd: number, signal: AbortSignal): Promise<void>;
}
