/** Compression of blocks, as `_compression.compression_level` names it. */
export type CompressionLevel = 'none' | 'medium' | 'high';

/** zstd levels: `medium` is level 1, as every block of a Macrium sample is; `high` is ours to choose. */
export const zstdLevel: Readonly<Record<Exclude<CompressionLevel, 'none'>, number>> = { medium: 1, high: 9 };

/** Synchronous zstd of whole blocks; one instance a thread, its contexts are reused from call to call. */
export interface BlockCodec {
	/** What does the work, for the log: `libzstd 1.5.6 (process)`, `node:zlib`. */
	readonly name: string;
	/** Room that the frame of `length` bytes may need. */
	bound(length: number): number;
	/** Writes one frame that declares its content size; returns the frame's length. */
	compress(source: Uint8Array, target: Uint8Array, level: number): number;
	/**
	 * Decodes the first frame in `source` into `target`; bytes after the frame are ignored. Returns the decoded length.
	 * @throws AfterimageError `image-damaged` when the frame is not sound or is larger than `target`
	 */
	decompress(source: Uint8Array, target: Uint8Array): number;
	dispose(): void;
}
