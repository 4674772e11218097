import { describe, expect, it } from 'vitest';
import { counted, formatBytes } from '../../../src/base/quantity.ts';

describe('a number of things', () => {
	it('is in the singular for exactly one', () => {
		expect([0, 1, 2].map((count) => counted(count, 'bad block'))).toEqual([
			'0 bad blocks',
			'1 bad block',
			'2 bad blocks',
		]);
	});

	it('is so for bytes too', () => {
		expect([0, 1, 512, 1024].map(formatBytes)).toEqual(['0 bytes', '1 byte', '512 bytes', '1.00 KB']);
	});
});
