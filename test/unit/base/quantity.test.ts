import { describe, expect, it } from 'vitest';
import { counted, formatBytes, formatDuration, formatRate, parseSize } from '../../../src/base/quantity.ts';

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

describe('bytes', () => {
	it.each([
		[1023, '1023 bytes'],
		[1536, '1.50 KB'],
		[1024 ** 2 - 1, '1024.00 KB'],
		[360 * 1024 ** 2, '360.00 MB'],
		[1024 ** 4, '1.00 TB'],
		[2 ** 63, '8192.00 PB'],
	])('%i are %s', (bytes, text) => {
		expect(formatBytes(bytes)).toBe(text);
	});

	it('a second are whole ones', () => {
		expect([0.4, 1023.6, 1536].map(formatRate)).toEqual(['0 bytes/s', '1.00 KB/s', '1.50 KB/s']);
	});

	it.each([
		['0', 0],
		['4096', 4096],
		[' 512 bytes ', 512],
		['7b', 7],
		['1k', 1024],
		['700M', 700 * 1024 ** 2],
		['4.5GB', 4.5 * 1024 ** 3],
		['2 TiB', 2 * 1024 ** 4],
		['1p', 1024 ** 5],
		['0.3k', 307],
		['9007199254740991', 2 ** 53 - 1],
		['9007199254740992', undefined],
		['9P', undefined],
		['-1', undefined],
		['1e3', undefined],
		['1.', undefined],
		['.5G', undefined],
		['1 XB', undefined],
		['1 2', undefined],
		['', undefined],
	])('typed as %j are %s', (text, bytes) => {
		expect(parseSize(text)).toBe(bytes);
	});
});

describe('a time that something takes', () => {
	it.each([
		[-5, '0 s'],
		[59.4, '59 s'],
		[59.5, '1 min 0 s'],
		[200, '3 min 20 s'],
		[3599.6, '1 h 00 min'],
		[7500, '2 h 05 min'],
		[90_000, '25 h 00 min'],
	])('of %d seconds is %s', (seconds, text) => {
		expect(formatDuration(seconds)).toBe(text);
	});
});
