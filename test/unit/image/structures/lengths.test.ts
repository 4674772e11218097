import { expect, it } from 'vitest';
import { blockSizeFor } from '../../../../src/image/block-size.ts';
import { track0Length } from '../../../../src/image/track0.ts';

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

it.each([
	[1 << 20, 1 << 30, 1 << 20],
	[17408, 1 << 30, 17408],
	[0, 1 << 30, 32256],
	[32256, 1 << 30, 32256],
	[1 << 29, 1 << 30, 1 << 20],
	[0, 4096, 4096],
])('first partition at %i of %i: $TRACK0 has %i bytes', (first, disk, length) => {
	expect(track0Length(first, disk)).toBe(length);
});
