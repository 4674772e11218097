import type { TextEdit } from '../definition/xml/edits.ts';
import { attributeOf, isElement, type Span, type XmlElement, type XmlNode } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';

export interface FormatOptions {
	/** One level of indentation: a tab, or spaces. */
	readonly indent: string;
	/** Columns that a tab counts for. */
	readonly tabSize: number;
}

/** Start tags that are longer get a line for each attribute. */
const maxWidth = 100;
const maxBlankLines = 2;

/**
 * The edits that lay a document out: an element a line, indented by its depth. Only white space between tags and
 * inside them changes; values, comments and CDATA stay as they are, and so do up to two blank lines. A document that
 * is not well-formed is left alone.
 * @param range only edits that touch it
 */
export function format(document: DefinitionText, options: FormatOptions, range?: Span): TextEdit[] {
	if (document.xml.problems.length > 0) return [];
	const formatter = new Formatter(document, options);
	formatter.top();
	const { edits } = formatter;
	if (range === undefined) return edits;
	return edits.filter(({ start, end }) => start <= range.end && end >= range.start);
}

class Formatter {
	readonly edits: TextEdit[] = [];
	readonly #document: DefinitionText;
	readonly #text: string;
	readonly #options: FormatOptions;
	readonly #lineEnd: string;

	constructor(document: DefinitionText, options: FormatOptions) {
		this.#document = document;
		this.#text = document.text;
		this.#options = options;
		this.#lineEnd = document.text.includes('\r\n') ? '\r\n' : '\n';
	}

	top(): void {
		const { nodes } = this.#document.xml;
		const start = this.#text.startsWith('\ufeff') ? 1 : 0;
		const end = this.#children(nodes, start, 0, true);
		this.#replace(end, this.#text.length, this.#lineEnd);
	}

	/** Lays out what stands between tags, and tells where the last of it ends. */
	#children(nodes: readonly XmlNode[], from: number, level: number, atTop: boolean): number {
		let at = from;
		for (const node of nodes) {
			if (node.kind === 'text') continue;
			const first = at === from;
			const gap = this.#text.slice(at, node.start);
			if (first && atTop) this.#replace(at, node.start, '');
			else if (node.kind === 'comment' && !gap.includes('\n')) this.#replace(at, node.start, ' ');
			else this.#replace(at, node.start, this.#lines(first ? '' : gap) + this.#margin(level));
			if (isElement(node)) this.#element(node, level);
			at = node.end;
		}
		return at;
	}

	#element(element: XmlElement, level: number): void {
		this.#tag(element, level);
		if (element.selfClosing) return;
		this.#replace(element.closeNameSpan!.end, element.end - 1, '');
		if (this.#isVerbatim(element)) return;
		const { children, openEnd, closeStart } = element;
		const end = this.#children(children, openEnd, level + 1, false);
		const gap = this.#text.slice(end, closeStart);
		if (end === openEnd && !gap.includes('\n')) this.#replace(end, closeStart, '');
		else this.#replace(end, closeStart, this.#lineEnd + this.#margin(level));
	}

	/** Whether white space in the content may mean something. */
	#isVerbatim(element: XmlElement): boolean {
		if (this.#document.declarationOf(element)?.type.kind === 'simple') return true;
		if (attributeOf(element, 'xml:space')?.value === 'preserve') return true;
		return element.children.some(
			({ kind, start, end }) => kind === 'cdata' || (kind === 'text' && /\S/.test(this.#text.slice(start, end))),
		);
	}

	#tag(element: XmlElement, level: number): void {
		const { attributes, nameSpan, start, openEnd, selfClosing } = element;
		const end = openEnd - (selfClosing ? 2 : 1);
		const written = attributes.map((one) => one.nameSpan.end - one.nameSpan.start + this.#valueLength(one) + 2);
		const width =
			this.#options.tabSize * level + nameSpan.end - start + written.reduce((sum, length) => sum + length, 0) + 2;
		const split = attributes[0] !== undefined && this.#text.slice(nameSpan.end, attributes[0].start).includes('\n');
		const apart = split || (width > maxWidth && attributes.length > 1);
		let at = nameSpan.end;
		for (const attribute of attributes) {
			this.#replace(at, attribute.start, apart ? this.#lineEnd + this.#margin(level + 1) : ' ');
			this.#replace(attribute.nameSpan.end, attribute.valueSpan!.start - 1, '=');
			at = attribute.end;
		}
		this.#replace(at, end, '');
	}

	#valueLength({ valueSpan, end }: XmlElement['attributes'][number]): number {
		return end - valueSpan!.start + 1;
	}

	/** A line end, and the blank lines that stand there already. */
	#lines(gap: string): string {
		const blank = Math.min(Math.max(gap.split('\n').length - 2, 0), maxBlankLines);
		return this.#lineEnd.repeat(blank + 1);
	}

	#margin(level: number): string {
		return this.#options.indent.repeat(level);
	}

	#replace(start: number, end: number, text: string): void {
		if (this.#text.slice(start, end) !== text) this.edits.push({ start, end, text });
	}
}
