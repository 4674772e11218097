import { expect, it } from 'vitest';
import { MemoryBytes, readBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { PageCache } from '../../../../src/disk/ntfs/files/page-cache.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';

const page = 65_536;
const bytes = randomNumbers(6).fill(new Uint8Array(70 * page + 1000));

function counting(broken = Infinity): ByteSource & { reads: number[] } {
	const source = new MemoryBytes(bytes);
	const reads: number[] = [];
	return {
		reads,
		size: bytes.length,
		async read(offset, target) {
			reads.push(target.length);
			if (offset <= broken && broken < offset + target.length) throw new AfterimageError('read-error', 'broken');
			await source.read(offset, target);
		},
	};
}

it('reads a page once, and 64 of them at most', async () => {
	const source = counting();
	const cache = new PageCache(source);
	for (const at of [0, 1024, page - 1024, 70 * page + 10, 70 * page + 900])
		expect(await readBytes(cache, at, 100)).toEqual(bytes.slice(at, at + 100));
	expect(source.reads).toEqual([page, 1000]);
	for (let number = 1; number < 64; number++) await readBytes(cache, number * page, 8);
	expect(source.reads).toHaveLength(65);
	// The first was used longest ago, and is no longer kept; the last page is.
	await readBytes(cache, 70 * page, 8);
	expect(source.reads).toHaveLength(65);
	await readBytes(cache, 0, 8);
	expect(source.reads).toHaveLength(66);
});

it('passes on what is large or lies on two pages', async () => {
	const source = counting();
	const cache = new PageCache(source);
	expect(await readBytes(cache, 5, 5000)).toEqual(bytes.slice(5, 5005));
	expect(await readBytes(cache, page - 5, 10)).toEqual(bytes.slice(page - 5, page + 5));
	expect(source.reads).toEqual([5000, 10]);
});

it('reads what is sound on a page that cannot be read whole', async () => {
	const cache = new PageCache(counting(500));
	expect(await readBytes(cache, 501, 100)).toEqual(bytes.slice(501, 601));
	await expect(readBytes(cache, 450, 100)).rejects.toMatchObject({ code: 'read-error' });
});
