import { expect, it } from 'vitest';
import { blockSizeFor } from '../../../src/image/block-size.ts';

it.each([
	[1, 64],
	[4 * 2 ** 40, 64],
	[5 * 2 ** 40, 128],
	[8 * 2 ** 40, 128],
	[16 * 2 ** 40, 256],
	[64 * 2 ** 40, 1024],
])('a partition of %i bytes has blocks of %i KiB', (length, kib) => {
	expect(blockSizeFor(length)).toBe(kib * 1024);
	expect(Math.ceil(length / blockSizeFor(length)) * 30).toBeLessThan(2 ** 31);
});
