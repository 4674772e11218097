import { expect, it } from 'vitest';
import { wideText, wideTexts } from '../../../../../native/win32/api/wide-text.ts';

const units = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i));

it('a text ends with its NUL or with the buffer', () => {
	expect(wideText(units('Ä b\0rest'))).toBe('Ä b');
	expect(wideText(units('whole'))).toBe('whole');
	expect(wideText(new Uint16Array(4))).toBe('');
});

it('a list ends with an empty text or with the buffer', () => {
	expect(wideTexts(units('a\0bc\0\0stale\0'))).toEqual(['a', 'bc']);
	expect(wideTexts(units('a\0cut'))).toEqual(['a', 'cut']);
	expect(wideTexts(new Uint16Array(0))).toEqual([]);
});
