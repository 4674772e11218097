import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/definition/read.ts';
import { readModel } from '../../../src/definition/read-model.ts';
import { checkSchema } from '../../../src/definition/schema/check.ts';
import { definitionSchema } from '../../../src/definition/schema/definition-schema.ts';
import { definitionTree } from '../../../src/definition/tree.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { attributeOf, elementsOf, type XmlElement } from '../../../src/definition/xml/tree.ts';
import { textOf } from '../../../src/definition/xml/characters.ts';
import { readValues, type ValueElement } from '../../../src/definition/xml/values.ts';
import { corpusFiles, corpusText } from '../../support/definition-corpus.ts';
import { definition } from './arbitrary.ts';
import { oddDocument } from './odd-document.ts';

const wellFormed = corpusFiles().filter((name) => parseXml(corpusText(name)).problems.length === 0);
const namespace = definitionSchema().namespace;

/** What the tree says of an element, in the form of the other reader. */
function plain(element: XmlElement, text: string): ValueElement {
	return {
		local: element.local,
		attributes: new Map(element.attributes.map(({ name }) => [name, attributeOf(element, name)!.value!])),
		children: elementsOf(element).map((child) => plain(child, text)),
		text: textOf(element, text),
	};
}

function expectSame(text: string): void {
	const document = parseXml(text);
	expect(document.problems).toEqual([]);
	expect(readValues(document)).toStrictEqual(plain(document.root!, text));
	expect(readModel(document)).toStrictEqual(readDefinition(document).definition);
}

describe('the two readers', () => {
	it('have a corpus to agree on', () => {
		expect(wellFormed.length).toBeGreaterThan(60);
	});

	it.each(wellFormed)('agree on %s', (name) => expectSame(corpusText(name)));

	it('agree on any definition, however it is written', () => {
		fc.assert(
			fc.property(definition, fc.infiniteStream(fc.nat(999)), (one, dice) => {
				const text = oddDocument(definitionTree(one), namespace, dice);
				expectSame(text);
				const document = parseXml(text);
				expect(checkSchema(document, definitionSchema())).toEqual([]);
				expect(readModel(document)).toEqual(one);
			}),
			{ numRuns: 300 },
		);
	});

	it.each([
		['processing instructions with lone quotes', `<?a don't?><r><?b "?>x<?c '>?>y</r><?d ' ?>`],
		['names that mean something in JavaScript', '<r><constructor/><__proto__ a="1"/><toString>x</toString></r>'],
		['attributes that mean something in JavaScript', '<r constructor="a" __proto__="b" hasOwnProperty="c"/>'],
		['values with brackets and quotes', `<r a=">" b='"/>' c="'">]]&gt;</r>`],
		['white space in tags', '<r\n a\t=\r\n"1"\tb = \'2\' ><c\n/><d >x</d\t></r\n>'],
		['white space in values', '<r a="x\ty\r\nz&#10;&#9; ">\r\n\r x \t</r>'],
		['numbers and truth as text', '<r a="007" b="1e3" c="0x10"><n>true</n><n> 1.50 </n></r>'],
		['references to references', '<r a="&amp;lt;&#38;amp;">&amp;#65;&#x26;lt;<![CDATA[&amp;<!---->]]>&#65;</r>'],
		['comments within text', '<r>a<!-- <b> -->b\r<!---->\n<![CDATA[\r\n]]><c/>d</r>'],
		['prefixes', '<p:r xmlns:p="u" p:a="1" a="2"><p:c xmlns:q="u"><q:d/></p:c></p:r>'],
		['a byte-order mark', '\ufeff<?xml version="1.0"?>\n<!-- a --><r/>\n'],
		['an XML declaration with everything', '<?xml version="1.0" encoding="utf-8" standalone=\'yes\'?><r>&#127;</r>'],
	])('agree on %s', (_title, text) => expectSame(text));

	it.each(['<r><a></r>', '<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>', '', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`])(
		'leave unread what is not well-formed: %s',
		(text) => expect(() => readModel(parseXml(text))).toThrow(parseXml(text).problems[0]!.message),
	);
});
