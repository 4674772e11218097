import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/definition/read.ts';
import { definitionTree } from '../../../src/definition/tree.ts';
import { applyEdits } from '../../../src/definition/xml/edits.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { isElement, type XmlNode } from '../../../src/definition/xml/tree.ts';
import { writeDocument } from '../../../src/definition/xml/write.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import { format, type FormatOptions } from '../../../src/xml/format.ts';
import { definition } from '../definition/arbitrary.ts';
import { around, marked, sample } from './support.ts';

const tabs: FormatOptions = { indent: '\t', tabSize: 4 };

function formatted(text: string, options = tabs): string {
	return applyEdits(text, format(new DefinitionText(text), options));
}

/** Everything but white space between tags and inside them. */
function meaning(text: string): unknown {
	const node = (one: XmlNode): unknown =>
		isElement(one)
			? [one.name, one.attributes.map(({ name, value }) => [name, value]), one.children.map(node).filter(Boolean)]
			: one.kind === 'text' && text.slice(one.start, one.end).trim() === ''
				? undefined
				: text.slice(one.start, one.end);
	const document = parseXml(text);
	return [document.nodes.map(node).filter(Boolean), readDefinition(document).definition];
}

describe('formatting', () => {
	it('leaves a document that is in order as it is', () => {
		expect(formatted(sample.replace('<argument>', '\n\t\t\t<argument>').replace('</before>', '\n\t\t</before>'))).toBe(
			sample.replace('<argument>', '\n\t\t\t<argument>').replace('</before>', '\n\t\t</before>'),
		);
	});

	it('gives each element a line of its own', () => {
		const text = '<?xml version="1.0"?><a  x = "1"\ty=\'2\'  ><b/>   <c ><d /></c  ></a>';
		expect(formatted(text)).toBe('<?xml version="1.0"?>\n<a x="1" y=\'2\'>\n\t<b/>\n\t<c>\n\t\t<d/>\n\t</c>\n</a>\n');
		expect(formatted('<a><b/></a>', { indent: '  ', tabSize: 2 })).toBe('<a>\n  <b/>\n</a>\n');
	});

	it('keeps values, comments, CDATA and the way of line ends', () => {
		const text = around(
			'<comment>  two\n  lines </comment><!-- one\n two --><sources> </sources>\r\n<name><![CDATA[ x ]]></name>',
		);
		expect(formatted(text)).toBe(
			around(
				'\r\n\t<comment>  two\n  lines </comment> <!-- one\n two -->\r\n\t<sources></sources>\r\n\t<name><![CDATA[ x ]]></name>\r\n',
			) + '\r\n',
		);
	});

	it('leaves the content of an element alone in which text stands', () => {
		for (const text of ['<a>\n\t<b><![CDATA[x]]>  <c/></b>\n</a>\n', '<a>\n\t<b>x  <c/></b>\n</a>\n']) {
			expect(formatted(text)).toBe(text);
		}
		const kept = '<a xml:space="preserve"> <b/> </a>\n';
		expect(formatted(kept)).toBe(kept);
	});

	it('keeps a comment on its line, and at most two blank lines', () => {
		expect(formatted('<a>\n\n<b/> <!-- of b -->\n\n\n\n\n<!-- of c -->\n<c/>\n\n</a>')).toBe(
			'<a>\n\t<b/> <!-- of b -->\n\n\n\t<!-- of c -->\n\t<c/>\n</a>\n',
		);
	});

	it('puts attributes on lines of their own where they are, or where the tag would be too long', () => {
		expect(formatted('<a\n b="1" c="2"/>')).toBe('<a\n\tb="1"\n\tc="2"/>\n');
		const long = 'x'.repeat(60);
		expect(formatted(`<a b="${long}" c="${long}"/>`)).toBe(`<a\n\tb="${long}"\n\tc="${long}"/>\n`);
	});

	it('touches a range alone', () => {
		const { document, text, offsets } = marked(around('<name >x</name>|<sources ></sources |>'));
		const edits = format(document, tabs, { start: offsets[0]!, end: offsets[1]! });
		expect(applyEdits(text, edits)).toContain('<name >x</name>\n\t<sources></sources>');
	});

	it('leaves a broken document alone', () => {
		expect(format(new DefinitionText('<a><b></a>'), tabs)).toEqual([]);
	});

	/** Documents with white space and comments strewn between their tags. */
	const messy = fc
		.tuple(
			definition,
			fc.array(fc.constantFrom('', ' ', '\n', '\n\n\n\n', '\t', '<!-- c -->', '\n<!--\n c-->\n'), { minLength: 1 }),
		)
		.map(([one, gaps]) => {
			let index = 0;
			return writeDocument(definitionTree(one)).replace(/>\n\t*(?=<)/g, () => `>${gaps[index++ % gaps.length]!}`);
		});

	it('changes no meaning, and formats only once', () => {
		fc.assert(
			fc.property(messy, fc.constantFrom<FormatOptions>(tabs, { indent: '  ', tabSize: 2 }), (text, options) => {
				const once = formatted(text, options);
				expect(meaning(once)).toEqual(meaning(text));
				expect(formatted(once, options)).toBe(once);
			}),
			{ numRuns: 200 },
		);
	});
});
