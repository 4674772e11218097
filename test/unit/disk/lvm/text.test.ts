import { describe, expect, it } from 'vitest';
import { parseText, type Value } from '../../../../src/disk/lvm/text.ts';

/** Sections as objects. */
function plain(value: Value): unknown {
	return value instanceof Map ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v as Value)])) : value;
}

const parse = (text: string) => plain(parseText(text));

describe('the text format of LVM', () => {
	it('has sections, numbers, strings, lists and comments', () => {
		const text = `# first\nvg-0.a+b_c {\n\tseqno = 12\t# with } and "\n\tlist = ["a", 3,\n"}"]\nnone = []
			inner { x = -5 y=0.25 } inner2{}\n}\nname = "a \\"b\\" c\\\\d # no comment"# last`;
		expect(parse(text)).toEqual({
			'vg-0.a+b_c': { seqno: 12, list: ['a', 3, '}'], none: [], inner: { x: -5, y: 0.25 }, inner2: {} },
			name: 'a "b" c\\d # no comment',
		});
		expect(parse('')).toEqual({});
		expect(parse('huge = 18446744073709551615')).toEqual({ huge: 2 ** 64 });
	});

	it.each([
		['a', 'byte 1: expected = or {, found the end'],
		['a {', 'expected a name, found the end'],
		['a { b = 1 } }', 'byte 12: expected a name, found }'],
		['a = ', 'expected a number, a string or a list, found the end'],
		['a = b', 'expected a number, a string or a list, found b'],
		['a = 123456789012345678901', 'expected = or {'],
		['a = "open', 'expected ", found the end'],
		['a = "open\\', 'expected ", found the end'],
		['a = [1', 'expected , or ], found the end'],
		['a = [1 2]', 'expected , or ], found 2]'],
		['a = [1,]', 'expected a number, a string or a list, found ]'],
		['a = [[1]]', 'expected a number, a string or a list, found [1]]'],
		['a = 1 a = 2', 'byte 6: expected a name that is new in its section, found a = 2'],
		['a/b = 1', 'expected = or {, found /b = 1'],
		['"a" = 1', 'expected a name'],
		[`${'n'.repeat(129)} = 1`, 'expected = or {, found n'],
	])('refuses %j', (text, message) => {
		expect(() => parseText(text)).toThrow(message);
	});

	it('holds sections within each other to a bound, however many there are', () => {
		expect(() => parseText('a {'.repeat(16) + '}'.repeat(16))).not.toThrow();
		expect(() => parseText('a {'.repeat(17) + '}'.repeat(17))).toThrow('at most 16 sections within each other');
		expect(() => parseText('a {'.repeat(1_000_000))).toThrow('at most 16 sections within each other');
	});

	it('takes a long text of one token in its stride', () => {
		const long = 4 * 2 ** 20;
		expect(parse(`${' '.repeat(long)}a = 1${'\n'.repeat(long)}`)).toEqual({ a: 1 });
		expect(parse(`#${'x'.repeat(long)}\na = "${'\\"'.repeat(long)}"`)).toEqual({ a: '"'.repeat(long) });
	});
});
