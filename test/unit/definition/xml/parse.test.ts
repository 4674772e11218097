import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/definition/xml/characters.ts';
import { LineIndex } from '../../../../src/definition/xml/lines.ts';
import { parseXml } from '../../../../src/definition/xml/parse.ts';
import { isElement, type XmlNode } from '../../../../src/definition/xml/tree.ts';

/** `name[attribute=value]{children}`; `/` for an empty-element tag, `!` where the end tag is missing. */
function shape(node: XmlNode, text: string): string {
	if (!isElement(node)) return `${node.kind}:${text.slice(node.start, node.end)}`;
	const attributes = node.attributes.map((one) => `${one.name}=${one.value ?? '-'}`).join(' ');
	const end = node.selfClosing ? '/' : node.closeNameSpan === undefined ? '!' : '';
	return `${node.name}[${attributes}]{${node.children.map((child) => shape(child, text)).join('|')}}${end}`;
}

function shapeOf(text: string): string {
	return parseXml(text)
		.nodes.map((node) => shape(node, text))
		.join('|');
}

function problemsOf(text: string): string[] {
	return parseXml(text).problems.map(({ start, end, message }) => `${start}-${end} ${message}`);
}

describe('a well-formed document', () => {
	it('becomes a tree with the place of everything', () => {
		const text = '<?xml version="1.0"?>\n<!-- c --><a x="1&amp;2"\ty=\'\'>t<![CDATA[<]]><b:c xmlns:b="u"/></a>\n';
		const document = parseXml(text);
		expect(document.problems).toEqual([]);
		expect(shapeOf(text)).toBe(
			'instruction:<?xml version="1.0"?>|text:\n|comment:<!-- c -->|' +
				'a[x=1&2 y=]{text:t|cdata:<![CDATA[<]]>|b:c[xmlns:b=u]{}/}|text:\n',
		);
		const root = document.root!;
		const [x] = root.attributes;
		const slice = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
		expect(slice(root)).toBe(text.trim().slice(text.indexOf('<a')));
		expect([slice(root.nameSpan), slice(root.closeNameSpan!)]).toEqual(['a', 'a']);
		expect([slice(x!), slice(x!.nameSpan), slice(x!.valueSpan!)]).toEqual(['x="1&amp;2"', 'x', '1&amp;2']);
		expect(text.slice(root.openEnd, root.closeStart)).toBe('t<![CDATA[<]]><b:c xmlns:b="u"/>');
		expect(textOf(root, text)).toBe('t<');
		expect(root.children.find(isElement)).toMatchObject({ local: 'c', namespace: 'u' });
	});

	it('inherits namespaces', () => {
		const inner = parseXml('<a xmlns="u"><b><c xmlns=""/></b></a>').root!.children[0]!;
		expect(inner).toMatchObject({ namespace: 'u', children: [{ namespace: '' }] });
	});

	it('resolves references and normalizes white space', () => {
		const document = parseXml('<a b="1\n2&#10;3&#x41;&lt;">x\r\ny&#13;&amp;</a>');
		expect(document.root!.attributes[0]!.value).toBe('1 2\n3A<');
		expect(textOf(document.root!, document.text)).toBe('x\ny\r&');
	});
});

describe('a document that somebody is typing', () => {
	it.each([
		['<r>\n <fo\n <n a="1">x</n>\n</r>', 'r[]{text:\n |fo[]{n[a=1]{text:x}|text:\n}!}'],
		['<r><b x="un>\n <q/>\n</r>', 'r[]{b[x=un]{text:\n |q[]{}/|text:\n}!}'],
		['<r><b x="un\n <q/>\n</r>', 'r[]{b[x=un]{text:\n |q[]{}/|text:\n}!}'],
		['<r><b x=1 y></b></r>', 'r[]{b[x=1 y=-]{}}'],
		['<r><b></r>', 'r[]{b[]{}!}'],
		['<r></b></r>', 'r[]{}'],
		['<r><', 'r[]{text:<}!'],
		['<r></', 'r[]{text:</}!'],
		['<r></r', 'r[]{}'],
		['<r><b', 'r[]{b[]{}!}!'],
		['<r><b x', 'r[]{b[]{}!}!'],
		['<r><b x=', 'r[]{b[x=-]{}!}!'],
		['<r><b x="y', 'r[]{b[x=y]{}!}!'],
		['<r><b x="y"', 'r[]{b[x=y]{}!}!'],
		['<r><!-- x', 'r[]{comment:<!-- x}!'],
		['<r></\n<c/></r>', 'r[]{c[]{}/}'],
		['<r>a < b</r>', 'r[]{text:a < b}'],
	])('%s', (text, expected) => {
		expect(shapeOf(text).replace(/text:(\w+ )\|text:/, 'text:$1')).toBe(expected);
		expect(problemsOf(text)).not.toEqual([]);
	});

	it.each([
		['<a><b></a>', ['3-5 Element b has no end tag; add </b>.']],
		['<a b=c/>', ['5-7 Put the value of b in quotes.', '0-2 Element a has no end tag; add </a>.'].reverse()],
		['<a b="1" b="2"/>', ['9-10 Attribute b stands twice in this tag; remove one.']],
		['<a>&foo; & </a>', ['3-8 Write &amp; for the character &; &foo; is not defined.']],
		['<a/><b/>', ['4-6 A document has one root; b is a second one.']],
		['<a/>x', ['4-5 Text stands outside of the root element.']],
		['', ['0-0 The document is empty; it needs a root element.']],
		['<?xml version="1.0" encoding="latin1"?><a/>', ['30-36 Save the document as UTF-8 and write encoding="UTF-8".']],
		['<x:a/>', ['5-6 The prefix x is not declared; add xmlns:x="…".']],
	])('says what is wrong with %s', (text, expected) => {
		expect(problemsOf(text)).toEqual(expected);
	});
});

describe('hostile documents', () => {
	it('declares and fetches no entity', () => {
		const text = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';
		const document = parseXml(text);
		expect(document.problems[0]).toMatchObject({ code: 'xml-doctype', start: 0 });
		expect(textOf(document.root!, text)).toBe('&b;');
	});

	it.each([
		['elements in elements', '<a>'.repeat(1_300_000), 'xml-too-deep'],
		['more than 4 million characters', ' '.repeat(4_000_001), 'xml-too-large'],
		['tags that break off', '<a '.repeat(1_300_000), 'xml-malformed'],
		['open brackets', '<'.repeat(3_900_000), 'xml-malformed'],
		['broken end tags', '</'.repeat(1_900_000), 'xml-malformed'],
		['end tags', '</a>'.repeat(900_000), 'xml-malformed'],
		['quotes that stay open', '<a>' + '<b x="'.repeat(600_000), 'xml-malformed'],
		['comments that stay open', '<!--'.repeat(900_000), 'xml-malformed'],
		['ampersands', '<a>' + '&'.repeat(3_900_000), 'xml-malformed'],
	])('refuses %s with few words', (_, text, code) => {
		const { problems } = parseXml(text);
		expect(problems.map((problem) => problem.code)).toContain(code);
		expect(problems.length).toBeLessThanOrEqual(1000);
		expect(Math.max(...problems.map(({ message }) => message.length))).toBeLessThan(200);
	});
});

const name = fc.constantFrom('a', 'b', 'p:c', 'long-name_1');
const characters = fc.string({
	unit: fc.constantFrom('x', ' ', '\n', '&amp;', '&#65;', 'é', '😀', '>', ']'),
	maxLength: 6,
});
const attributes = fc.uniqueArray(fc.tuple(fc.constantFrom('q', 'r', 'p:s'), characters), {
	selector: ([key]) => key,
	maxLength: 3,
});
const { element } = fc.letrec<{ element: string; node: string }>((tie) => ({
	node: fc.oneof(
		{ depthSize: 'small' },
		characters,
		fc.constantFrom('<!-- - c -->', '<![CDATA[ ]] & < ]]>', '<?pi x?>'),
		tie('element'),
	),
	element: fc
		.tuple(name, attributes, fc.array(tie('node'), { maxLength: 4 }), fc.boolean())
		.map(([tag, list, children, short]) => {
			const written = list.map(([key, value]) => ` ${key}="${value}"`).join('');
			const content = children
				.join('')
				.replaceAll(']]>', (match, at: number, all: string) =>
					all.lastIndexOf('<![CDATA[', at) > all.lastIndexOf(']]>', at - 1) ? match : ']] >',
				);
			return short && content === '' ? `<${tag}${written}/>` : `<${tag}${written}>${content}</${tag}>`;
		}),
}));
const wellFormed = element.map((text) => `<root xmlns:p="u">${text}</root>`);

/** The shape that a strict parser, independent of ours, sees; undefined when it objects. */
function strictShape(text: string): string | undefined {
	const parser = new SaxesParser({ xmlns: true });
	const open: string[] = [''];
	let failed = false;
	parser.on('error', () => (failed = true));
	parser.on('opentag', (tag) => {
		const list = Object.values(tag.attributes).map((one) => `${one.name}=${one.value}`);
		open.push(`<${tag.name} ${list.join(' ')}>`);
	});
	parser.on('closetag', () => {
		const whole = `${open.pop()!}</>`;
		open[open.length - 1] += whole;
	});
	parser.on('text', (value) => (open[open.length - 1] += value));
	parser.on('cdata', (value) => (open[open.length - 1] += value));
	parser.write(text).close();
	return failed ? undefined : open[0]!;
}

function ourShape(text: string): string {
	const show = (node: XmlNode): string => {
		if (!isElement(node)) {
			const shell = { ...parseXml('<a/>').root!, children: [node] };
			return textOf(shell, text);
		}
		const list = node.attributes.map((one) => `${one.name}=${one.value ?? ''}`).join(' ');
		return `<${node.name} ${list}>${node.children.map(show).join('')}</>`;
	};
	return parseXml(text).nodes.filter(isElement).map(show).join('');
}

describe('any text', () => {
	it('that is well-formed gives the tree that a strict parser gives', () => {
		fc.assert(
			fc.property(wellFormed, (text) => {
				expect(parseXml(text).problems).toEqual([]);
				expect(ourShape(text)).toBe(strictShape(text));
			}),
			{ numRuns: 1000 },
		);
	});

	it('that is damaged has problems exactly when a strict parser objects, and spans that nest', () => {
		const damage = fc.array(
			fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', '<', '>', '"', '/', '&', "'", '=', ' ', '<!--', '</')),
			{
				minLength: 1,
				maxLength: 3,
			},
		);
		fc.assert(
			fc.property(wellFormed, damage, (text, cuts) => {
				const broken = cuts.reduce((now, [at, length, put]) => {
					const letters = Array.from(now);
					letters.splice(at % letters.length, length, put);
					return letters.join('');
				}, text);
				const document = parseXml(broken);
				expect(document.problems.length > 0).toBe(strictShape(broken) === undefined);
				for (const { start, end } of document.problems) {
					expect(start).toBeGreaterThanOrEqual(0);
					expect(end).toBeLessThanOrEqual(Math.max(broken.length, 1));
				}
				checkSpans(document.nodes, 0, broken.length);
			}),
			{ numRuns: 3000 },
		);
	});
});

function checkSpans(nodes: readonly XmlNode[], from: number, to: number): void {
	let at = from;
	for (const node of nodes) {
		expect(node.start).toBeGreaterThanOrEqual(at);
		expect(node.end).toBeGreaterThanOrEqual(node.start);
		expect(node.end).toBeLessThanOrEqual(to);
		at = node.end;
		if (isElement(node)) checkSpans(node.children, node.openEnd, node.closeStart);
	}
}

describe('lines and columns', () => {
	it('count from 0, in UTF-16 units', () => {
		const index = new LineIndex('a😀b\r\nc\n');
		expect([0, 3, 5, 6, 8, 99].map((offset) => index.positionAt(offset))).toEqual([
			{ line: 0, column: 0 },
			{ line: 0, column: 3 },
			{ line: 0, column: 5 },
			{ line: 1, column: 0 },
			{ line: 2, column: 0 },
			{ line: 2, column: 0 },
		]);
	});
});
