import { expect, test } from 'vitest';
import { ChunkMap } from '../../../../src/disk/btrfs/chunk-map.ts';
import { blockGroup, Chunk, Stripe } from '../../../../src/disk/btrfs/structures.ts';

const length = 0x100000;

function chunk(type: number, places: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(Chunk.size + places.length * Stripe.size);
	Object.assign(new Chunk(bytes), { length, type, numStripes: places.length });
	places.forEach((offset, i) => Object.assign(new Stripe(bytes, Chunk.size + i * Stripe.size), { devid: 1, offset }));
	return bytes;
}

test('finds ranges in any of many chunks, in any order', () => {
	const map = new ChunkMap(1, 2 ** 40);
	for (let i = 0; i < 300; i++) map.add(i * 2 * length, chunk(blockGroup.data, [(300 - i) * length]));
	for (let i = 0; i < 300; i++) {
		const row = (i * 7) % 300;
		const found: number[] = [];
		expect(map.locate(row * 2 * length + 4096, length - 4096, (place) => found.push(place))).toBe(true);
		expect(found).toEqual([(300 - row) * length + 4096]);
		expect(map.chunkEnd(row * 2 * length)).toBe((row * 2 + 1) * length);
		expect(map.chunkEnd((row * 2 + 1) * length)).toBeUndefined();
	}
});

test('finds both copies of a doubled chunk, and no range that leaves its chunk', () => {
	const map = new ChunkMap(1, 2 ** 40);
	map.add(length, chunk(blockGroup.metadata | blockGroup.dup, [5 * length, 9 * length]));
	map.add(2 * length, chunk(blockGroup.data, [3 * length]));
	const found: number[] = [];
	expect(map.locate(length + 8192, 4096, (place) => found.push(place))).toBe(true);
	expect(found).toEqual([5 * length + 8192, 9 * length + 8192]);
	for (const [start, size] of [
		[2 * length - 4096, 8192],
		[length - 4096, 4096],
		[3 * length, 1],
		[0, 1],
	] as const) {
		expect(map.locate(start, size, () => expect.fail('outside'))).toBe(false);
	}
});
