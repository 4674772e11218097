import { describe, expect, it } from 'vitest';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { hex } from '../../../support/hex.ts';

describe('BlockIndex', () => {
	const md5 = new Uint8Array(16).fill(0xee);

	it('keeps the 30 bytes of an element as the file has them', () => {
		const index = new BlockIndex(10000);
		index.set(5000, 0x12_3456_789a, md5, 0, 0x01020304, 0x0506);
		const bytes = new Uint8Array(30);
		index.copyElement(5000, bytes, 0);
		expect(hex(bytes)).toBe('9a78563412000000' + 'ee'.repeat(16) + '04030201' + '0605');
		expect([index.position(5000), index.storedLength(5000), index.fileNumber(5000)]).toEqual([
			0x12_3456_789a, 0x01020304, 0x0506,
		]);
		expect([index.next(0), index.next(5001), index.countStored()]).toEqual([5000, 10000, 1]);
		index.move(5000, 7, 8);
		expect([index.position(5000), index.storedLength(5000), index.fileNumber(5000)]).toEqual([7, 0x01020304, 8]);
		const other = new BlockIndex(10000);
		other.copyFrom(index, 5000);
		expect([other.next(0), other.hasMd5(5000, md5, 0)]).toEqual([5000, true]);
		other.copyFrom(new BlockIndex(10000), 5000);
		expect(other.countStored()).toBe(0);
	});

	it('loads pages, keeping those alone that have something', () => {
		const bytes = new Uint8Array(3 * BlockIndex.pageSize - 600);
		bytes[BlockIndex.pageSize + 24] = 1;
		const index = new BlockIndex(3 * BlockIndex.perPage);
		index.set(0, 1, md5, 0, 1, 1);
		index.loadPages(0, bytes);
		expect([index.next(0), index.countStored(), index.pageBytes(2)]).toEqual([BlockIndex.perPage, 1, undefined]);
		bytes[2 * BlockIndex.pageSize + 24] = 1;
		index.loadPages(0, bytes);
		expect(index.pageBytes(2)).toHaveLength(BlockIndex.pageSize);
		expect(index.countStored()).toBe(2);
	});

	it('has holes behind a page that was loaded in part over a full one', () => {
		const index = new BlockIndex(2 * BlockIndex.perPage);
		for (const block of [0, 1, 2, BlockIndex.perPage - 1, BlockIndex.perPage]) index.set(block, 1, md5, 0, 1, 1);
		const bytes = new Uint8Array(2 * 30);
		bytes[24] = 5;
		index.loadPages(0, bytes);
		expect([index.storedLength(0), index.next(1), index.countStored()]).toEqual([5, BlockIndex.perPage, 2]);
	});

	it('takes an element and nothing of what follows it', () => {
		const index = new BlockIndex(3);
		for (const block of [0, 1, 2]) index.set(block, 0x0102_0304, md5, 0, 7, 9);
		const raw = new Uint8Array(34).fill(0xab);
		index.setRaw(1, new DataView(raw.buffer), 0);
		const bytes = new Uint8Array(3 * 30);
		for (const block of [0, 1, 2]) index.copyElement(block, bytes, block * 30);
		const other = '0403020100000000' + 'ee'.repeat(16) + '07000000' + '0900';
		expect(hex(bytes)).toBe(other + 'ab'.repeat(30) + other);
		const copied = new Uint8Array(17);
		index.copyMd5(0, copied, 1);
		expect(hex(copied)).toBe('00' + 'ee'.repeat(16));
	});

	it('has zeros for a hole, also where no page is', () => {
		const index = new BlockIndex(BlockIndex.perPage + 6);
		index.set(BlockIndex.perPage, 9, md5, 0, 5, 1);
		for (const hole of [0, BlockIndex.perPage + 1]) {
			const target = new Uint8Array(34).fill(0xff);
			index.copyElement(hole, target, 2);
			expect(hex(target)).toBe('ffff' + '00'.repeat(30) + 'ffff');
			target.fill(0xff);
			index.copyMd5(hole, target, 2);
			expect(hex(target.subarray(0, 20))).toBe('ffff' + '00'.repeat(16) + 'ffff');
			expect([index.position(hole), index.storedLength(hole), index.fileNumber(hole)]).toEqual([0, 0, 0]);
			expect([index.isHole(hole), index.hasMd5(hole, new Uint8Array(16), 0)]).toEqual([true, false]);
		}
		expect(index.pageBytes(1)).toHaveLength(6 * 30);
	});

	it('keeps apart the pages of several slabs, in whatever order they come', () => {
		const pages = 3000;
		const index = new BlockIndex(pages * BlockIndex.perPage);
		const order = Array.from({ length: pages }, (_, i) => (i * 7) % pages);
		for (const page of order)
			index.set(page * BlockIndex.perPage + (page % 64), page + 2 ** 40, md5, 0, page + 1, page % 9);
		for (let page = 0; page < pages; page++) {
			const block = page * BlockIndex.perPage + (page % 64);
			expect([index.position(block), index.storedLength(block), index.fileNumber(block)]).toEqual([
				page + 2 ** 40,
				page + 1,
				page % 9,
			]);
		}
		expect(index.countStored()).toBe(pages);
	});

	it('equals another one that says the same of each block, wherever its pages are', () => {
		const [one, other] = [new BlockIndex(200), new BlockIndex(200)];
		const md5 = new Uint8Array(16);
		one.set(150, 1, md5, 0, 10, 0);
		one.set(3, 1, md5, 0, 10, 0);
		expect(one.equals(other)).toBe(false);
		expect(other.equals(one)).toBe(false);
		other.set(3, 1, md5, 0, 10, 0);
		other.set(70, 1, md5, 0, 10, 0);
		other.clear(70);
		other.set(150, 1, md5, 0, 10, 0);
		expect(one.equals(other)).toBe(true);
		expect(one.equals(new BlockIndex(201))).toBe(false);
		other.move(150, 2, 0);
		expect(one.equals(other)).toBe(false);
	});
});
