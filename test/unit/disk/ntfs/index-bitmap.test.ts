import { expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { IndexBitmap } from '../../../../src/disk/ntfs/folders/index-bitmap.ts';

it('has a bit for each block, the lowest first, and none beyond its end', async () => {
	const bytes = new Uint8Array(9000);
	bytes[0] = 0b1000_0001;
	bytes[4096] = 0b10;
	bytes[8999] = 0x80;
	const bitmap = new IndexBitmap(new MemoryBytes(bytes));
	const blocks = [0, 1, 7, 8, 4096 * 8, 4096 * 8 + 1, 8999 * 8 + 7, 9000 * 8, 2 ** 50, 0.5, 0];
	const found: number[] = [];
	for (const block of blocks) if (await bitmap.inUse(block)) found.push(block);
	expect(found).toEqual([0, 7, 4096 * 8 + 1, 8999 * 8 + 7, 0]);
});
