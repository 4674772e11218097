import type { SummedPiece } from '../byte-ranges.ts';
import type { BlockCodec } from '../codec.ts';
import { FilePart, type ImageFileSink, type WrittenFile } from '../writer/file-part.ts';
import { writeTail } from '../writer/write-tail.ts';
import type { CopyList } from './copy-list.ts';
import type { PreparedMerge } from './prepare.ts';

/** Copies what the lists say to the beginning of the new file, in their order, and tells of each piece that it has written. */
export type BlockMover = (copies: readonly CopyList[]) => AsyncIterable<SummedPiece>;

/**
 * Writes the new file of a step: stored blocks as they are, then metadata. Nothing else is touched; the caller syncs,
 * checks with `checkWritten`, renames over the oldest source and removes the others, in this order.
 * @param moved is told how many bytes have been copied since it was told last
 * @throws AfterimageError `no-space`, `write-error`, `read-error`, `cancelled`
 */
export async function writeMerge(
	{ step, manifest, disks, indexes, copies }: PreparedMerge,
	move: BlockMover,
	sink: ImageFileSink,
	codec: BlockCodec,
	moved?: (bytes: number) => void,
): Promise<WrittenFile> {
	const oldest = step.sources[0]!;
	const part = new FilePart(sink, oldest.path, oldest.header.file_number);
	for await (const { length, sum } of move(copies)) {
		part.adopt(length, sum);
		moved?.(length);
	}
	return writeTail(part, { manifest, disks, indexes, codec });
}
