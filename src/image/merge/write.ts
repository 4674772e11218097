import { crc32 } from 'node:zlib';
import { throwIfAborted } from '../../base/abort.ts';
import type { BlockCodec } from '../codec.ts';
import type { ImageFile } from '../file-source.ts';
import type { ImageFolder } from '../image-folder.ts';
import { FilePart, type ImageFileSink, type WrittenFile } from '../writer/file-part.ts';
import { writeTail } from '../writer/write-tail.ts';
import type { CopyList, Span } from './copy-list.ts';
import type { PreparedMerge } from './prepare.ts';

const bufferSize = 4 * 1024 * 1024;

/**
 * Writes the new file of a step: stored blocks as they are, then metadata. Nothing else is touched; the caller syncs,
 * checks with `checkWritten`, renames over the oldest source and removes the others, in this order.
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
): Promise<WrittenFile> {
	const oldest = step.sources[0]!;
	const part = new FilePart(sink, oldest.path, oldest.header.file_number);
	await copyBlocks(folder, copies, part, signal, moved);
	return writeTail(part, { manifest, disks, indexes, codec });
}

/** Copies with two buffers: one is filled while the other is written. */
async function copyBlocks(
	folder: ImageFolder,
	copies: readonly CopyList[],
	part: FilePart,
	signal: AbortSignal | undefined,
	moved: ((bytes: number) => void) | undefined,
): Promise<void> {
	const buffers = [new Uint8Array(bufferSize), new Uint8Array(bufferSize)];
	let writing = Promise.resolve();
	let turn = 0;
	let used = 0;
	const flush = async () => {
		const bytes = buffers[turn]!.subarray(0, used);
		// Taken while the other buffer is still being written.
		const sum = crc32(bytes);
		await writing;
		writing = part.append(bytes, sum).then(() => moved?.(bytes.length));
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
