import { describe, expect, it } from 'vitest';
import { checkWritten, piecesOf } from '../../../../src/image/writer/check-written.ts';
import type { WrittenFile } from '../../../../src/image/writer/file-part.ts';
import { PieceSums } from '../../../../src/image/writer/piece-sums.ts';
import { messageOf } from './message-of.ts';

describe('the pieces of a file', () => {
	const lengths = Array.from({ length: 1000 }, (_, i) => i + 1);
	const pieces = new PieceSums();
	for (const length of lengths) pieces.add(length, length * 3);
	const size = lengths.reduce((sum, length) => sum + length, 0);
	const file = { path: '/b/x.mrimgx', pieces, dataEnd: size, size } as WrittenFile;

	const compare = (count: number) =>
		checkWritten(
			file,
			size,
			(async function* () {
				for (let i = 0; i < count; i++) yield { length: pieces.length(i), sum: pieces.sum(i) };
			})(),
		);

	it('are kept, many of them too, and read back one behind the other', () => {
		expect(lengths.map((_, i) => [pieces.length(i), pieces.sum(i)])).toEqual(lengths.map((n) => [n, n * 3]));
		const next = piecesOf(pieces);
		const ranges = { fileNumbers: Uint16Array.of(9), positions: new Float64Array(1), lengths: new Uint32Array(1) };
		let end = 0;
		for (const length of lengths) {
			expect([next(ranges), ranges.fileNumbers[0], ranges.positions[0], ranges.lengths[0]]).toEqual([
				1,
				0,
				end,
				length,
			]);
			end += length;
		}
		expect(next(ranges)).toBe(0);
	});

	it('must all have been read back', async () => {
		await compare(1000);
		expect(await messageOf(() => compare(999))).toBe(
			`image-damaged: Pieces of /b/x.mrimgx that were read back at byte ${size - 1000}: expected 1000, found 999`,
		);
	});
});
