import { damaged } from '../../base/errors.ts';
import type { RangeColumns, SummedPiece } from '../byte-ranges.ts';
import type { WrittenFile } from './file-part.ts';
import type { PieceSums } from './piece-sums.ts';

/** Describes the pieces of a file, one a call, to be read back: see {@link checkWritten}. Its file number is 0. */
export function piecesOf(pieces: PieceSums): (ranges: RangeColumns) => number {
	let [piece, position] = [0, 0];
	return ({ fileNumbers, positions, lengths }) => {
		if (piece === pieces.count) return 0;
		fileNumbers[0] = 0;
		positions[0] = position;
		lengths[0] = pieces.length(piece);
		position += pieces.length(piece++);
		return 1;
	};
}

/**
 * Compares each piece of a file, as it was read back, with the CRC-32 that it had when it was written.
 * @param size bytes of the file as it is
 * @param found what {@link piecesOf} the file gave when they were read, in order
 * @param read is told how many bytes have been compared since it was told last
 * @throws AfterimageError `image-damaged` naming where the medium gives something else
 */
export async function checkWritten(
	{ path, pieces, dataEnd, size: expected }: WrittenFile,
	size: number,
	found: AsyncIterable<SummedPiece>,
	read?: (bytes: number) => void,
): Promise<void> {
	if (size !== expected) throw damaged('image-damaged', `Size of ${path}`, 0, `${expected} bytes`, size);
	let [piece, start] = [0, 0];
	for await (const { length, sum } of found) {
		if (sum !== pieces.sum(piece)) {
			const what = start < dataEnd ? 'Blocks' : 'Metadata';
			const wanted = `CRC-32 ${hex(pieces.sum(piece))} of ${length} bytes`;
			throw damaged('image-damaged', `${what} of ${path}`, start, wanted, hex(sum));
		}
		start += length;
		piece++;
		read?.(length);
	}
	if (piece !== pieces.count) {
		throw damaged('image-damaged', `Pieces of ${path} that were read back`, start, String(pieces.count), piece);
	}
}

function hex(sum: number): string {
	return sum.toString(16).padStart(8, '0');
}
