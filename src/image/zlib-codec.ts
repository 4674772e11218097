import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AfterimageError } from '../base/errors.ts';
import type { BlockCodec } from './codec.ts';
import { measureZstdFrame } from './zstd-frame.ts';

export const zlibCodecName = 'node:zlib';

/** zstd by the runtime's own zlib module: always there (Node >= 22.15), about half as fast as libzstd called directly. */
export function createZlibCodec(): BlockCodec {
	return { name: zlibCodecName, bound: compressBound, compress, decompress, dispose: () => undefined };
}

/** What ZSTD_COMPRESSBOUND of zstd.h promises: a 256th more than the input, and up to 64 bytes for small inputs. */
export function compressBound(length: number): number {
	const small = 128 * 1024;
	return length + Math.ceil(length / 256) + (length < small ? Math.ceil((small - length) / 2048) : 0);
}

function compress(source: Uint8Array, target: Uint8Array, level: number): number {
	const frame = zstdCompressSync(source, {
		params: { [constants.ZSTD_c_compressionLevel]: level },
		chunkSize: Math.max(compressBound(source.length), constants.Z_MIN_CHUNK),
	});
	target.set(frame);
	return frame.length;
}

function decompress(source: Uint8Array, target: Uint8Array): number {
	const frame = measureZstdFrame(source);
	if (frame.contentSize !== undefined && frame.contentSize > target.length) {
		throw new AfterimageError(
			'image-damaged',
			`zstd frame: expected at most ${target.length} bytes of content, found ${frame.contentSize}`,
		);
	}
	let content: Uint8Array;
	try {
		content = zstdDecompressSync(source.subarray(0, frame.length), {
			maxOutputLength: Math.max(target.length, 1),
			chunkSize: Math.max(target.length, constants.Z_MIN_CHUNK),
		});
	} catch (error) {
		throw new AfterimageError('image-damaged', `zstd frame: ${(error as Error).message}`, { cause: error });
	}
	target.set(content);
	return content.length;
}
