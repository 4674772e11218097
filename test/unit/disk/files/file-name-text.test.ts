import { expect, test } from 'vitest';
import { bytesText, damagedNameText, nameText } from '../../../../src/disk/files/file-name-text.ts';

const raw = (...parts: (string | number)[]): Uint8Array =>
	Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));

test.each([
	['plain', raw('notes.txt'), 'notes.txt'],
	['beyond ASCII', raw('Größe-日本語-🙂'), 'Größe-日本語-🙂'],
	['a byte order mark belongs to the name', raw(0xef, 0xbb, 0xbf, 'a'), '\ufeffa'],
	['ISO 8859-1', raw('Gr', 0xf6, 0xdf, 'e'), 'Gr\\xf6\\xdfe'],
	['cut in the middle of a character', raw('a', 0xe6, 0x97), 'a\\xe6\\x97'],
	['sound characters between', raw(0xff, 'é', 0x80, '日', 0xfe), '\\xffé\\x80日\\xfe'],
	['a surrogate', raw(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
	['longer than need be', raw(0xc0, 0xaf), '\\xc0\\xaf'],
	['beyond Unicode', raw(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
	['three dots', raw('...'), '...'],
])('%s', (_, bytes, text) => {
	expect(nameText(bytes)).toBe(text);
	expect(damagedNameText(bytes)).toBe(text);
	expect(bytesText(bytes)).toBe(text);
});

test.each([
	['empty', raw(), '(no name)'],
	['the folder itself', raw('.'), '\\x2e'],
	['the folder above', raw('..'), '\\x2e\\x2e'],
	['a path', raw('../é/a'), '..\\x2fé\\x2fa'],
	['a NUL', raw('a', 0, 0xff, 'b'), 'a\\x00\\xffb'],
	['a slash at the end', raw('.', 0x2f), '.\\x2f'],
])('no name: %s', (_, bytes, shown) => {
	expect(nameText(bytes)).toBeUndefined();
	expect(damagedNameText(bytes)).toBe(shown);
});

test('a target has slashes', () => {
	expect(bytesText(raw('../a/', 0xff))).toBe('../a/\\xff');
	expect(bytesText(raw())).toBe('');
});
