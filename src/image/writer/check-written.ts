import { crc32 } from 'node:zlib';
import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { WrittenFile } from './file-part.ts';

const bufferSize = 4 * 1024 * 1024;

/**
 * Reads a whole file back and compares each piece with the CRC-32 that it had when it was written.
 * @param read is told how many bytes have been compared since it was told last
 * @throws AfterimageError `image-damaged` naming where the medium gives something else, `read-error`, `cancelled`
 */
export async function checkWritten(
	source: ByteSource,
	file: WrittenFile,
	signal?: AbortSignal,
	read?: (bytes: number) => void,
): Promise<void> {
	if (source.size !== file.size)
		throw damaged('image-damaged', `Size of ${file.path}`, 0, `${file.size} bytes`, source.size);
	const { pieces } = file;
	let [piece, start, done, sum] = [0, 0, 0, 0];
	for await (const bytes of readThrough(source, signal)) {
		for (let at = 0; at < bytes.length;) {
			const end = Math.min(bytes.length, at + pieces.length(piece) - done);
			sum = crc32(bytes.subarray(at, end), sum);
			done += end - at;
			at = end;
			if (done < pieces.length(piece)) continue;
			if (sum !== pieces.sum(piece)) {
				const what = start < file.dataEnd ? 'Blocks' : 'Metadata';
				const expected = `CRC-32 ${hex(pieces.sum(piece))} of ${done} bytes`;
				throw damaged('image-damaged', `${what} of ${file.path}`, start, expected, hex(sum));
			}
			start += done;
			[piece, done, sum] = [piece + 1, 0, 0];
		}
		read?.(bytes.length);
	}
}

/** All bytes of a file in two buffers that take turns: one is filled while the other is looked at. */
async function* readThrough(source: ByteSource, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
	const size = Math.min(bufferSize, source.size);
	const buffers = [new Uint8Array(size), new Uint8Array(size)];
	const read = async (at: number) => {
		const bytes = buffers[(at / size) % 2]!.subarray(0, Math.min(size, source.size - at));
		await source.read(at, bytes);
		return bytes;
	};
	let next = source.size > 0 ? read(0) : undefined;
	try {
		for (let at = size; next !== undefined; at += size) {
			const bytes = await next;
			throwIfAborted(signal);
			next = at < source.size ? read(at) : undefined;
			next?.catch(() => undefined);
			yield bytes;
		}
	} finally {
		// Whoever closes the file next must not meet a read that is under way.
		await next?.catch(() => undefined);
	}
}

function hex(sum: number): string {
	return sum.toString(16).padStart(8, '0');
}
