import { crc32 } from 'node:zlib';
import type { RangeColumns, SummedPiece } from '../../../src/image/byte-ranges.ts';
import { CopyCursor } from '../../../src/image/merge/copy-cursor.ts';
import type { BlockMover } from '../../../src/image/merge/write.ts';
import { checkWritten, piecesOf } from '../../../src/image/writer/check-written.ts';
import type { ImageFileSink, WrittenFile } from '../../../src/image/writer/file-part.ts';
import type { MemoryFolder } from './memory-folder.ts';

/** Few and small, so that pieces end within blocks and at full columns. */
const [columns, most] = [3, 5000];

async function* readPieces(
	folder: MemoryFolder,
	names: readonly string[],
	next: (ranges: RangeColumns) => number,
): AsyncGenerator<Uint8Array> {
	const ranges = {
		fileNumbers: new Uint16Array(columns),
		positions: new Float64Array(columns),
		lengths: new Uint32Array(columns),
	};
	for (let count = next(ranges); count > 0; count = next(ranges)) {
		const parts: Uint8Array[] = [];
		for (let i = 0; i < count; i++) {
			const file = await folder.open(names[ranges.fileNumbers[i]!]!);
			const bytes = new Uint8Array(ranges.lengths[i]!);
			await file.read(ranges.positions[i]!, bytes);
			parts.push(bytes);
		}
		yield Buffer.concat(parts);
	}
}

/** Copies within a folder in memory, as the engine's threads do between files. */
export function moverIn(folder: MemoryFolder, sink: ImageFileSink): BlockMover {
	return async function* (copies): AsyncGenerator<SummedPiece> {
		const cursor = new CopyCursor(copies);
		const names = copies.map((list) => list.member.name);
		let position = 0;
		for await (const bytes of readPieces(folder, names, (ranges) => cursor.next(ranges, most))) {
			await sink.append(bytes, position);
			position += bytes.length;
			yield { length: bytes.length, sum: crc32(bytes) };
		}
	};
}

/** Compares a file in memory with what was written. */
export async function readBack(folder: MemoryFolder, name: string, file: WrittenFile): Promise<void> {
	const found = async function* (): AsyncGenerator<SummedPiece> {
		for await (const bytes of readPieces(folder, [name], piecesOf(file.pieces)))
			yield { length: bytes.length, sum: crc32(bytes) };
	};
	await checkWritten(file, (await folder.open(name)).size, found());
}
