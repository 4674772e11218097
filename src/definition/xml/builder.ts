import { worded, type Translate, type Wording } from '../../base/l10n.ts';
import { decodeAttribute, findBadReference } from './characters.ts';
import type { Span, XmlAttribute, XmlElement, XmlNode, XmlProblem, XmlProblemCode, XmlText } from './tree.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type OpenElement = Mutable<Omit<XmlElement, 'attributes' | 'children' | 'parent'>> & {
	attributes: Mutable<XmlAttribute>[];
	children: XmlNode[];
	parent: OpenElement | undefined;
};

type Prefixes = ReadonlyMap<string, string>;

/** Elements nested deeper than this are refused: the schema of definitions has 6 levels. */
const maxDepth = 64;

const maxProblems = 1000;

/** A name for a message, however long it is in the text. */
function short(name: string): string {
	return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

/** Puts a tree together from what a tokenizer meets, and mends what is broken so that the rest still makes sense. */
export class TreeBuilder {
	readonly text: string;
	readonly nodes: XmlNode[] = [];
	readonly problems: XmlProblem[] = [];
	root: XmlElement | undefined;
	tooDeep = false;
	/** The element whose start tag is being read. */
	tag: OpenElement | undefined;
	/** End of what has been put into the tree so far. */
	end = 0;
	#attributeNames = new Set<string>();
	readonly #broken = new Set<OpenElement>();
	readonly #open: { element: OpenElement; prefixes: Prefixes }[] = [];
	readonly #noPrefixes: Prefixes = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);

	constructor(text: string) {
		this.text = text;
	}

	problem(start: number, end: number, wording: Wording, code: XmlProblemCode = 'xml-malformed'): void {
		if (this.problems.length >= maxProblems) return;
		this.problems.push({ code, start, end: Math.max(end, start), ...worded(wording) });
	}

	leaf(kind: XmlText['kind'], start: number, end: number): void {
		const parent = this.#open.at(-1)?.element;
		this.end = end;
		if (kind === 'text') this.#checkText(start, end, parent);
		const siblings = parent?.children ?? this.nodes;
		const last = siblings.at(-1);
		if (kind === 'text' && last?.kind === 'text' && last.end === start)
			siblings[siblings.length - 1] = { kind, start: last.start, end };
		else siblings.push({ kind, start, end });
	}

	startTag(nameStart: number, nameEnd: number): void {
		const parent = this.#open.at(-1)?.element;
		const name = this.text.slice(nameStart, nameEnd);
		this.#attributeNames = new Set();
		this.tag = {
			kind: 'element',
			name,
			local: name,
			namespace: '',
			start: nameStart - 1,
			end: nameEnd,
			nameSpan: { start: nameStart, end: nameEnd },
			attributes: [],
			openEnd: nameEnd,
			selfClosing: false,
			closeNameSpan: undefined,
			closeStart: nameEnd,
			children: [],
			parent,
		};
		(parent?.children ?? this.nodes).push(this.tag);
		if (parent === undefined) {
			if (this.root === undefined) this.root = this.tag;
			else this.problem(nameStart - 1, nameEnd, (t) => t('A document has one root; {0} is a second one.', short(name)));
		}
	}

	attribute(nameStart: number, nameEnd: number): void {
		const name = this.text.slice(nameStart, nameEnd);
		if (this.#attributeNames.has(name)) {
			this.problem(nameStart, nameEnd, (t) => t('Attribute {0} stands twice in this tag; remove one.', short(name)));
		}
		this.#attributeNames.add(name);
		this.tag!.attributes.push({
			name,
			nameSpan: { start: nameStart, end: nameEnd },
			value: undefined,
			valueSpan: undefined,
			start: nameStart,
			end: nameEnd,
		});
	}

	/** @param end after the closing quote; the quotes themselves are missing when `quoted` is false */
	attributeValue(span: Span, end: number, quoted: boolean): void {
		const attribute = this.tag!.attributes.at(-1)!;
		const raw = this.text.slice(span.start, span.end);
		attribute.value = decodeAttribute(raw);
		attribute.valueSpan = span;
		attribute.end = end;
		if (!quoted) {
			this.problem(span.start, span.end, (t) => t('Put the value of {0} in quotes.', short(attribute.name)));
		}
		const bad = findBadReference(raw);
		if (bad >= 0) this.#badReference(span.start + bad);
		const angle = raw.indexOf('<');
		if (angle >= 0) this.problem(span.start + angle, span.start + angle + 1, (t) => t('Write &lt; for < in a value.'));
	}

	noValue(): void {
		const attribute = this.tag!.attributes.at(-1)!;
		this.problem(attribute.start, attribute.end, (t) =>
			t('Attribute {0} has no value; add ="…".', short(attribute.name)),
		);
	}

	/** @param end after the `>`, or where the tag breaks off */
	finishTag(end: number, selfClosing: boolean, complete: boolean): void {
		const tag = this.tag!;
		this.tag = undefined;
		this.end = end;
		tag.openEnd = end;
		tag.closeStart = end;
		tag.end = end;
		tag.selfClosing = selfClosing;
		if (!complete) {
			const name = short(tag.name);
			this.problem(tag.start, tag.nameSpan.end, (t) => t('The tag of {0} is not closed; add > or />.', name));
		}
		const inherited = this.#open.at(-1)?.prefixes ?? this.#noPrefixes;
		const prefixes = this.#declare(tag, inherited);
		if (selfClosing) return;
		this.#open.push({ element: tag, prefixes });
		if (this.#open.length > maxDepth) {
			this.tooDeep = true;
			const words: Wording = (t) => t('Elements are nested more than {0} deep.', maxDepth);
			this.problem(tag.start, tag.nameSpan.end, words, 'xml-too-deep');
		}
	}

	/** @param end after the `>`, or where the tag breaks off */
	endTag(start: number, name: Span, end: number, complete: boolean): void {
		const text = this.text.slice(name.start, name.end);
		this.end = end;
		if (!complete) this.problem(start, end, (t) => t('The end tag is not closed; add >.'));
		const depth = this.#open.findLastIndex(({ element }) => element.name === text);
		if (depth < 0) {
			const open = this.#open.at(-1)?.element.name;
			this.problem(start, end, (t) => strayEndTag(short(text), open === undefined ? undefined : short(open), t));
			return;
		}
		while (this.#open.length - 1 > depth) this.#abandon(start);
		const { element } = this.#open.pop()!;
		element.closeNameSpan = name;
		element.closeStart = start;
		element.end = end;
	}

	/** Ends the document at `end`, the length of the text or where reading was given up. */
	finish(end: number): void {
		if (this.tag !== undefined) this.finishTag(end, false, false);
		while (this.#open.length > 0) this.#abandon(end);
		if (this.root === undefined && this.problems.length === 0) {
			this.problem(0, Math.min(1, end), (t) => t('The document is empty; it needs a root element.'));
		}
		this.problems.sort((a, b) => a.start - b.start);
	}

	#abandon(end: number): void {
		const { element } = this.#open.pop()!;
		element.closeStart = end;
		element.end = end;
		if (!this.tooDeep && !this.#broken.has(element)) {
			const name = short(element.name);
			this.problem(element.start, element.nameSpan.end, (t) =>
				t('Element {0} has no end tag; add {1}.', name, `</${name}>`),
			);
		}
	}

	#declare(tag: OpenElement, inherited: Prefixes): Prefixes {
		let prefixes = inherited;
		for (const { name, value } of tag.attributes) {
			if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
			if (prefixes === inherited) prefixes = new Map(inherited);
			(prefixes as Map<string, string>).set(name === 'xmlns' ? '' : name.slice(6), value ?? '');
		}
		const colon = tag.name.indexOf(':');
		tag.local = tag.name.slice(colon + 1);
		tag.namespace = prefixes.get(colon < 0 ? '' : tag.name.slice(0, colon)) ?? '';
		return prefixes;
	}

	#checkText(start: number, end: number, parent: OpenElement | undefined): void {
		const raw = this.text.slice(start, end);
		const angle = raw.indexOf('<');
		if (angle >= 0) {
			const slash = raw[angle + 1] === '/';
			this.problem(start + angle, start + angle + 1, (t) =>
				slash ? t('An end tag begins here; finish it.') : t('A < begins a tag; write &lt; for the character itself.'),
			);
			return;
		}
		const solid = raw.search(/[^ \t\r\n\ufeff]/);
		if (parent === undefined && solid >= 0) {
			this.problem(start + solid, end, (t) => t('Text stands outside of the root element.'));
			return;
		}
		const bad = findBadReference(raw);
		if (bad >= 0) this.#badReference(start + bad);
	}

	#badReference(at: number): void {
		const name = /^&[^\s;&<"']*;?/.exec(this.text.slice(at, at + 60))![0];
		this.problem(at, at + name.length, (t) =>
			name.endsWith(';')
				? t('Write &amp; for the character &; {0} is not defined.', name)
				: t('Write &amp; for the character &; an & begins a reference.'),
		);
	}
}

/** @param name of the end tag; empty for `</>`. @param open name of the element that it could have ended */
function strayEndTag(name: string, open: string | undefined, t: Translate): string {
	if (open === undefined) {
		return name === ''
			? t('Nothing is open here; the end tag of nothing has no start tag.')
			: t('Nothing is open here; the end tag of {0} has no start tag.', name);
	}
	return name === ''
		? t('Here ends {0}; the end tag of nothing has no start tag.', open)
		: t('Here ends {0}; the end tag of {1} has no start tag.', open, name);
}
