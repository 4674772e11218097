import { describe, expect, it } from 'vitest';
import { CopyCursor } from '../../../../src/image/merge/copy-cursor.ts';
import { CopyList } from '../../../../src/image/merge/copy-list.ts';
import type { SetMember } from '../../../../src/image/set/set-member.ts';
import { messageOf } from './message-of.ts';

describe('CopyList', () => {
	const source = { path: '/b/1.mrimgx' } as SetMember;
	const list = (...blocks: [number, number][]) => {
		const made = new CopyList(source);
		for (const [position] of blocks) made.add(position);
		made.sort();
		for (const [position, length] of blocks) made.setLength(position, length);
		return made;
	};

	/** The pieces that are read, each as its ranges: list, position and length. */
	function piecesOf(lists: readonly CopyList[], most: number, columns = 100) {
		const ranges = {
			fileNumbers: new Uint16Array(columns),
			positions: new Float64Array(columns),
			lengths: new Uint32Array(columns),
		};
		const cursor = new CopyCursor(lists);
		const found: number[][] = [];
		for (let count = cursor.next(ranges, most); count > 0; count = cursor.next(ranges, most)) {
			const places = Array.from({ length: count }, (_, i) => i);
			found.push(places.flatMap((i) => [ranges.fileNumbers[i]!, ranges.positions[i]!, ranges.lengths[i]!]));
		}
		return found;
	}

	it('copies each block once, in the order of the file, neighbours together', () => {
		const made = list([500, 10], [100, 20], [500, 10], [120, 5]);
		expect(made.place(1000)).toBe(1035);
		expect([100, 120, 500].map((position) => made.target(position))).toEqual([1000, 1020, 1025]);
		expect(piecesOf([made], 1000)).toEqual([[0, 100, 25, 0, 500, 10]]);
	});

	it('keeps every one of many blocks', () => {
		const blocks = Array.from({ length: 5000 }, (_, i): [number, number] => [((i * 7) % 5000) * 100, 10]);
		const made = list(...blocks);
		expect([made.count, made.place(0)]).toEqual([5000, 50_000]);
		for (const [position] of blocks) expect(made.target(position)).toBe(position / 10);
	});

	it('goes on with the next list where one ends, also one without blocks', () => {
		expect(piecesOf([list([100, 20]), list(), list([120, 20])], 1000)).toEqual([[0, 100, 20, 2, 120, 20]]);
	});

	it('ends a piece when it is large enough, within a block if need be, or has no more columns', () => {
		expect(piecesOf([list([0, 30], [30, 30])], 40)).toEqual([
			[0, 0, 40],
			[0, 40, 20],
		]);
		expect(piecesOf([list([0, 100])], 40)).toEqual([
			[0, 0, 40],
			[0, 40, 40],
			[0, 80, 20],
		]);
		expect(piecesOf([list([0, 10], [20, 10], [40, 10], [50, 10])], 1000, 2)).toEqual([
			[0, 0, 10, 0, 20, 10],
			[0, 40, 20],
		]);
		expect(piecesOf([], 40)).toEqual([]);
	});

	it('refuses blocks that overlap or have two lengths', async () => {
		expect(await messageOf(() => list([100, 20], [110, 20]).place(0))).toMatch(
			/1\.mrimgx: stored block at byte 110: expected no overlap/,
		);
		expect(await messageOf(() => list([100, 20], [100, 21]))).toMatch(
			/stored block at byte 100: expected 20 bytes, found 21/,
		);
	});
});
