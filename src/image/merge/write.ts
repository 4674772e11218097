import { crc32 } from 'node:zlib';
import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { BlockCodec } from '../codec.ts';
import type { ImageFile } from '../file-source.ts';
import type { ImageFolder } from '../image-folder.ts';
import { checkWritten } from '../writer.ts';
import { FilePart, type ImageFileSink, type WrittenFile } from '../writer/file-part.ts';
import { writeTail } from '../writer/write-tail.ts';
import type { CopyList, Span } from './copy-list.ts';
import type { PreparedMerge } from './prepare.ts';

/** A file that a step has written. */
export interface MergedFile extends WrittenFile {
	/** CRC-32 of the data blocks as they were read from the sources. */
	readonly dataCrc: number;
}

const bufferSize = 4 * 1024 * 1024;

/**
 * Writes the new file of a step: stored blocks as they are, then metadata. Nothing else is touched; the caller syncs,
 * checks with {@link checkMerged}, renames over the oldest source and removes the others, in this order.
 * @param moved is told how many bytes have been copied since it was told last
 * @throws AfterimageError `no-space`, `write-error`, `read-error`, `cancelled`
 */
export async function writeMerge(
	folder: ImageFolder,
	{ step, manifest, disks, indexes, copies }: PreparedMerge,
	sink: ImageFileSink,
	codec: BlockCodec,
	signal?: AbortSignal,
	moved?: (bytes: number) => void,
): Promise<MergedFile> {
	const oldest = step.sources[0]!;
	const part = new FilePart(sink, oldest.path, oldest.header.file_number);
	const dataCrc = await copyBlocks(folder, copies, part, signal, moved);
	return { ...(await writeTail(part, { manifest, disks, indexes, codec })), dataCrc };
}

/** Copies with two buffers: one is filled while the other is written. Returns the CRC-32 of all bytes. */
async function copyBlocks(
	folder: ImageFolder,
	copies: readonly CopyList[],
	part: FilePart,
	signal: AbortSignal | undefined,
	moved: ((bytes: number) => void) | undefined,
): Promise<number> {
	const buffers = [new Uint8Array(bufferSize), new Uint8Array(bufferSize)];
	let crc = 0;
	let writing = Promise.resolve();
	let turn = 0;
	let used = 0;
	const flush = async () => {
		const bytes = buffers[turn]!.subarray(0, used);
		crc = crc32(bytes, crc);
		await writing;
		writing = part.append(bytes).then(() => moved?.(bytes.length));
		writing.catch(() => undefined);
		turn ^= 1;
		used = 0;
	};
	let file: ImageFile | undefined;
	try {
		for (const list of copies) {
			const spans = list.spans();
			for (let span = spans.next(bufferSize); !span.done; span = spans.next(bufferSize - used)) {
				throwIfAborted(signal);
				if (span.value === 'full') {
					await flush();
					continue;
				}
				file ??= await folder.open(list.member.name);
				const { position, length } = span.value;
				await file.read(position, buffers[turn]!.subarray(used, used + length));
				used = closeGaps(buffers[turn]!, used, span.value);
			}
			await file?.close();
			file = undefined;
		}
		await flush();
		await writing;
		return crc;
	} finally {
		await writing.catch(() => undefined);
		await file?.close();
	}
}

/** Moves the wanted pieces of a span, which lies at `start`, together; returns where they end. */
function closeGaps(buffer: Uint8Array, start: number, { position, pieces }: Span): number {
	let to = start;
	for (let i = 0; i < pieces.length; i += 2) {
		const from = start + pieces[i]! - position;
		if (from !== to) buffer.copyWithin(to, from, from + pieces[i + 1]!);
		to += pieces[i + 1]!;
	}
	return to;
}

/**
 * Reads the whole new file back and compares it with what was read from the sources and written.
 * @throws AfterimageError `image-damaged` when the medium gives something else, `cancelled`
 */
export async function checkMerged(source: ByteSource, file: MergedFile, signal?: AbortSignal): Promise<void> {
	await checkWritten(source, file);
	const size = Math.min(bufferSize, file.dataEnd);
	const buffers = [new Uint8Array(size), new Uint8Array(size)];
	const read = async (at: number) => {
		const piece = buffers[(at / size) % 2]!.subarray(0, Math.min(size, file.dataEnd - at));
		await source.read(at, piece);
		return piece;
	};
	let crc = 0;
	let next = file.dataEnd > 0 ? read(0) : undefined;
	for (let at = size; next !== undefined; at += size) {
		const piece = await next;
		throwIfAborted(signal);
		// The next piece is read while the sum of this one is taken.
		next = at < file.dataEnd ? read(at) : undefined;
		next?.catch(() => undefined);
		crc = crc32(piece, crc);
	}
	if (crc !== file.dataCrc)
		throw damaged('image-damaged', `CRC-32 of the blocks of ${file.path}`, 0, file.dataCrc, crc);
}
