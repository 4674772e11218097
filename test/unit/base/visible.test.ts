import { describe, expect, it } from 'vitest';
import { visible, visibleLines } from '../../../src/base/visible.ts';

describe('what is not seen', () => {
	it('is shown as its number', () => {
		expect(visible('a\u202eb\u2066c\x1b[2J\nd\te')).toBe('a\\u202eb\\u2066c\\x1b[2J\\x0ad\te');
		expect(visible('שלום 😀👩‍👩‍👧')).toBe('שלום 😀👩‍👩‍👧');
	});

	it('is shown in each of several lines, which stay lines', () => {
		expect(visibleLines('one\u202e\ntwo\x07')).toBe('one\\u202e\ntwo\\x07');
	});
});
