import { paddedLength } from '../../image/block-cipher.ts';
import { compressBound } from '../../image/zlib-codec.ts';

/** Most bytes that the stored form of a block of `blockSize` bytes takes, compressed or not, encrypted or not. */
export function storedBound(blockSize: number): number {
	return paddedLength(compressBound(blockSize));
}
