import { describe, expect, test } from 'vitest';
import { shortNameChecksum } from '../../../../src/disk/fat/short-name.ts';
import { listed, namesOf, raw } from './listed.ts';
import { longNameEntries, MadeFat, type MadeEntry } from './made-files.ts';

describe('names', () => {
	const nameOf = async (...entries: (MadeEntry | Uint8Array)[]) =>
		namesOf(await listed(new MadeFat('FAT16').root(...entries)));

	test('short ones', async () => {
		expect(
			await nameOf(
				{ raw: 'README  TXT' },
				{ raw: 'README  TXT', nameCase: 0x08 },
				{ raw: 'README  TXT', nameCase: 0x10 },
				{ raw: 'README  TXT', nameCase: 0x18 },
				{ raw: 'A B     C D' },
				{ raw: '\u0005BER  \u00e1\u00ffX  ' },
				{ raw: '\u009aBUNG   \u008e\u0099 ', nameCase: 0x18 },
			),
		).toEqual(['README.TXT', 'readme.TXT', 'README.txt', 'readme.txt', 'A B.C D', 'σBER  ß\u00a0.X', 'übung.äö']);
	});

	test('labels, deleted entries and what follows the end mark are left out', async () => {
		const names = await nameOf(
			{ raw: 'LABEL      ', attributes: 0x08 },
			{ raw: '\u00e5ELETED    ' },
			{ raw: 'KEPT       ' },
			new Uint8Array(32),
			{ raw: 'BEHIND     ' },
		);
		expect(names).toEqual(['KEPT']);
	});

	test.each([
		['a', 'one character'],
		['thirteen char', 'a piece that is full'],
		['x'.repeat(255), 'the longest'],
		['日本 🙂 é', 'beyond ASCII'],
		['dots.. and spaces . ', 'as it is stored'],
	])('the long one %s: %s', async (longName) => {
		expect(await nameOf({ raw: 'LONG~1     ', longName })).toEqual([longName]);
	});

	test('half of a pair', async () => {
		expect(await nameOf({ raw: 'LONG~1     ', longName: 'a\ud812b' })).toEqual(['a\\x12\\xd8b']);
	});

	test('the long one stands for a short one that cannot be', async () => {
		const volume = new MadeFat('FAT16').root({ raw: ' \u0001/        ', longName: 'without a short one' });
		expect(await listed(volume)).toMatchObject([{ kind: 'file', name: 'without a short one' }]);
	});

	test('the short one where the long one is not whole, not in order, of another file, or cannot be', async () => {
		const checksum = shortNameChecksum(raw('LONG~1     '));
		const pieces = longNameEntries('a name of three pieces, or more', checksum);
		const short = { raw: 'LONG~1     ' };
		const [first, second, third] = [0, 32, 64].map((at) => pieces.subarray(at, at + 32));
		const other = longNameEntries('x', checksum ^ 1);
		const wrongSum = pieces.slice();
		wrongSum[32 + 13]! ^= 1;
		const zero = pieces.slice(0, 32);
		zero[0] = 0x40;
		expect(await nameOf(first!, second!, third!, short)).toEqual(['a name of three pieces, or more']);
		for (const before of [
			[second, third],
			[first, third],
			[first, second],
			[first, third, second],
			[first, second, third, { raw: '\u00e5ELETED    ' }],
			[first, second, third, { raw: 'LABEL      ', attributes: 0x08 }],
			[first, second, third, other],
			[wrongSum],
			[zero],
			[other],
			[longNameEntries('a/b', checksum)],
			[longNameEntries('..', checksum)],
			[longNameEntries('\0', checksum)],
		]) {
			expect(await nameOf(...before.map((entry) => entry!), short)).toEqual(['LONG~1']);
		}
		// The pieces of a name that was begun anew.
		expect(await nameOf(first!, second!, first!, second!, third!, short)).toEqual(['a name of three pieces, or more']);
	});
});
