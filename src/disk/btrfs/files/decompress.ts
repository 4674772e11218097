import { inflateSync } from 'node:zlib';
import { AfterimageError, damaged, isAfterimageError } from '../../../base/errors.ts';
import type { Decompressors } from '../../files.ts';
import { decodeLzoSegments } from './lzo-segments.ts';

/** Longest extent that is compressed, before and after (`BTRFS_MAX_COMPRESSED`, `BTRFS_MAX_UNCOMPRESSED`). */
export const maxCompressedExtent = 128 * 1024;

export const compressionType = { none: 0, zlib: 1, lzo: 2, zstd: 3 } as const;

/** A compressed extent, in the words of its item. */
export interface CompressedBytes {
	readonly type: number;
	readonly bytes: Uint8Array;
	/** Length when decompressed, at most {@link maxCompressedExtent}. What the stream does not fill of the last sector is zeros. */
	readonly length: number;
	readonly sectorSize: number;
	/** Byte offset on the volume, for messages. */
	readonly at: number;
}

/**
 * @throws AfterimageError `structure-damaged` for what does not decode, or not to `length`; `not-supported` for an unknown
 * type
 */
export function decompress(extent: CompressedBytes, by: Decompressors): Uint8Array {
	const { type, length, sectorSize, at } = extent;
	const target = new Uint8Array(length);
	const filled = fill(extent, target, by);
	// The last sector of a file is compressed as far as the file goes.
	if (filled + sectorSize > length) return target;
	throw damaged('structure-damaged', `Btrfs extent of compression type ${type}, length`, at, length, filled);
}

/** @returns how many bytes of `target` were filled */
function fill({ type, bytes, sectorSize, at }: CompressedBytes, target: Uint8Array, by: Decompressors): number {
	const fault = (name: string, error: unknown) =>
		damaged('structure-damaged', `Btrfs ${name} data`, at, `up to ${target.length} bytes`, (error as Error).message);
	switch (type) {
		case compressionType.zlib:
			try {
				const content = inflateSync(bytes, { maxOutputLength: Math.max(1, target.length) });
				target.set(content);
				return content.length;
			} catch (error) {
				throw fault('zlib', error);
			}
		case compressionType.lzo:
			return decodeLzoSegments(bytes, target, sectorSize, at);
		case compressionType.zstd:
			try {
				return by.zstd(bytes, target);
			} catch (error) {
				if (!isAfterimageError(error, 'image-damaged')) throw error;
				throw fault('zstd', error);
			}
		default:
			throw new AfterimageError('not-supported', `Btrfs compression type ${type} (at byte ${at}) is not supported`);
	}
}
