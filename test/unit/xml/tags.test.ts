import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { autoClose } from '../../../src/xml/auto-close.ts';
import { highlights } from '../../../src/xml/highlights.ts';
import { linkedNames } from '../../../src/xml/linked-editing.ts';
import { objectionToName, renameableAt, renameAt } from '../../../src/xml/rename.ts';
import { around, marked, sample } from './support.ts';

/** The document with the spans in brackets. */
function shown(text: string, spans: readonly { start: number; end: number }[] | undefined): string | undefined {
	if (spans === undefined) return undefined;
	return applyEdits(
		text,
		spans.flatMap(({ start, end }) => [
			{ start, end: start, text: '[' },
			{ start: end, end, text: ']' },
		]),
	);
}

describe('linked editing', () => {
	it.each([
		['<a><n|ame>x</name></a>', '<a><[name]>x</[name]></a>'],
		['<a><|name>x</name></a>', '<a><[name]>x</[name]></a>'],
		['<a><name>x</name|></a>', '<a><[name]>x</[name]></a>'],
		['<a><name x="|">x</name></a>', undefined],
		['<a><na|me/></a>', undefined],
		['<a><na|me>x</a>', undefined],
		['<a>|</a>', undefined],
	])('of %s', (text, expected) => {
		const { document, offset, text: plain } = marked(text);
		expect(shown(plain, linkedNames(document, offset))).toBe(expected);
	});
});

describe('renaming', () => {
	it('changes both tags', () => {
		for (const text of ['<a><n|ame>x</name></a>', '<a><name>x</n|ame></a>']) {
			const { document, offset, text: plain } = marked(text);
			const span = renameableAt(document, offset)!;
			expect(plain.slice(span.start, span.end)).toBe('name');
			expect(applyEdits(plain, renameAt(document, offset, 'b'))).toBe('<a><b>x</b></a>');
		}
		const alone = marked('<a><n|ame/></a>');
		expect(applyEdits(alone.text, renameAt(alone.document, alone.offset, 'b'))).toBe('<a><b/></a>');
	});

	it('is not for anything else', () => {
		for (const text of ['<a>|x</a>', '<a b="|"/>', '<a |b=""/>', '<!-- | --><a/>']) {
			const { document, offset } = marked(text);
			expect(renameableAt(document, offset)).toBeUndefined();
		}
	});

	it('takes names only', () => {
		expect(objectionToName('b:full_retention')).toBeUndefined();
		for (const name of ['', 'a b', '1a', 'a<', 'a:']) expect(objectionToName(name)).toBeDefined();
	});
});

describe('highlights', () => {
	it('show both tags, and every use of a parameter', () => {
		const tags = marked('<a><n|ame>x</name></a>');
		expect(shown(tags.text, highlights(tags.document, tags.offset))).toBe('<a><[name]>x</[name]></a>');
		const uses = marked('<a b="{DATE}">{DA|TE}{TIME}{FOO}</a>');
		expect(shown(uses.text, highlights(uses.document, uses.offset))).toBe('<a b="[{DATE}]">[{DATE}]{TIME}{FOO}</a>');
		const none = marked('<a>{F|OO}</a>');
		expect(highlights(none.document, none.offset)).toEqual([]);
	});
});

describe('closing tags as one types', () => {
	it.each([
		[around('<name>|'), '$0</name>'],
		[around('<sources><disk a="1">|</sources>'), '$0</disk>'],
		[around('<name></|'), 'name>'],
		[around('<name>x</| <sources/>'), 'name>'],
		[around('<name>|</name>'), undefined],
		[around('<name/>|'), undefined],
		[around('<name></name>|'), undefined],
		[around('<!-- > | -->'), undefined],
		[around('a >| b'), undefined],
		[around('<name></|name>'), undefined],
	])('behind %s', (text, expected) => {
		const { document, offset } = marked(text);
		expect(autoClose(document, offset)).toBe(expected);
	});

	it('never throws', () => {
		for (let end = 0; end <= sample.length; end++) {
			const { document } = marked(sample.slice(0, end));
			autoClose(document, end);
			highlights(document, end);
			renameAt(document, end, 'x');
		}
	});
});
