import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import type { Wording } from '../../base/l10n.ts';
import type { TreeBuilder } from './builder.ts';
import type { Span } from './tree.ts';

/** Thrown out of the tokenizer, which has run into broken markup: reading goes on with a new one. */
class Restart extends Error {
	readonly at: number;

	constructor(at: number) {
		super('Broken markup');
		this.at = at;
	}
}

/**
 * Feeds the builder from `base` on. The tokenizer is one for HTML too and swallows a `<` inside a tag; where that
 * happens the broken tag is ended.
 * @returns the offset to go on from; undefined when all was read
 */
export function readTokens(builder: TreeBuilder, base: number): number | undefined {
	const { text } = builder;
	const tokens = new Tokens(builder, base);
	const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, tokens);
	try {
		tokenizer.write(base === 0 ? text : text.slice(base));
		if (builder.tag !== undefined && tokens.value !== undefined) endValueWithLine(builder, tokens.value);
		tokenizer.end();
	} catch (error) {
		if (error instanceof Restart) return error.at;
		throw error;
	}
	if (builder.tag === undefined) unfinishedTag(builder);
	return undefined;
}

/** Hands on what the tokenizer meets, whose offsets count from `base`. */
class Tokens implements TokenizerCallbacks {
	/** Of the attribute that is being read. */
	value: Span | undefined;
	readonly #builder: TreeBuilder;
	readonly #text: string;
	readonly #base: number;

	constructor(builder: TreeBuilder, base: number) {
		this.#builder = builder;
		this.#text = builder.text;
		this.#base = base;
	}

	onopentagname(start: number, end: number): void {
		const name = this.#span(start, end);
		const angle = this.#angleIn(name);
		this.#builder.startTag(name.start, angle ?? name.end);
		if (angle !== undefined) breakTag(this.#builder, angle);
	}

	onattribname(start: number, end: number): void {
		const name = this.#span(start, end);
		const angle = this.#angleIn(name);
		if (angle !== undefined) breakTag(this.#builder, angle);
		this.#builder.attribute(name.start, name.end);
		this.value = undefined;
	}

	onattribdata(start: number, end: number): void {
		this.value = this.#span(start, end);
	}

	onattribend(quote: QuoteType, end: number): void {
		const span = this.value ?? this.#span(end, end);
		this.value = undefined;
		if (quote === QuoteType.NoValue) {
			this.#builder.noValue();
		} else if (quote === QuoteType.Unquoted) {
			const angle = this.#angleIn(span);
			const stop = angle ?? span.end;
			this.#builder.attributeValue({ start: span.start, end: stop }, stop, false);
			if (angle !== undefined) breakTag(this.#builder, stop);
		} else {
			const line = this.#text.slice(span.start, span.end).indexOf('\n');
			const isOpen = line >= 0 && this.#angleIn({ start: span.start + line, end: span.end }) !== undefined;
			if (isOpen) endValueWithLine(this.#builder, span);
			this.#builder.attributeValue(span, this.#base + end, true);
		}
	}

	onopentagend(end: number): void {
		const stop = this.#base + end + 1;
		this.#builder.finishTag(stop, false, true);
		if (this.#builder.tooDeep) throw new Restart(stop);
	}

	onselfclosingtag(end: number): void {
		this.#builder.finishTag(this.#base + end + 1, true, true);
	}

	onclosetag(start: number, end: number): void {
		const name = this.#span(start, end);
		const from = this.#text.lastIndexOf('</', name.start - 1);
		const stop = this.#text.slice(from + 2).search(/[<>]/);
		const close = stop < 0 ? this.#text.length : from + 2 + stop;
		const complete = this.#text[close] === '>';
		const own = { start: Math.min(name.start, close), end: Math.min(name.end, close) };
		this.#builder.endTag(from, own, complete ? close + 1 : close, complete);
		if (!complete) throw new Restart(close);
	}

	ontext(start: number, end: number): void {
		// A tag that the text breaks off in behind a slash is handed over as text too.
		if (this.#builder.tag === undefined) this.#builder.leaf('text', this.#base + start, this.#base + end);
	}

	oncomment(start: number, end: number, closed: number): void {
		const inside = this.#span(start, end);
		if (!this.#text.startsWith('<!--', inside.start - 4)) {
			// An end tag with something impossible for a name.
			const from = this.#text.lastIndexOf('</', inside.start);
			const at = Math.min(inside.start, inside.end);
			this.#builder.endTag(from, { start: at, end: at }, Math.min(inside.end + 1, this.#text.length), true);
			return;
		}
		this.#closedLeaf('comment', inside, 4, closed, (t) => t('The comment is not closed; add -->.'));
	}

	oncdata(start: number, end: number, closed: number): void {
		this.#closedLeaf('cdata', this.#span(start, end), 9, closed, (t) => t('The CDATA section is not closed; add ]]>.'));
	}

	onprocessinginstruction(start: number, end: number): void {
		const { start: from, end: to } = this.#span(start - 2, end + 2);
		this.#builder.leaf('instruction', from, to);
		if (from === 0) checkEncoding(this.#builder, this.#text.slice(0, to));
	}

	ondeclaration(start: number, end: number): void {
		const { start: from, end: first } = this.#span(start - 2, end + 1);
		const stop = endOfDeclaration(this.#text, from, first);
		this.#builder.leaf('declaration', from, stop);
		const words: Wording = (t) =>
			t('A document type declaration is not allowed here: entities are neither declared nor fetched.');
		this.#builder.problem(from, stop, words, 'xml-doctype');
		if (stop !== first) throw new Restart(stop);
	}

	onattribentity(): void {}

	ontextentity(): void {}

	onend(): void {}

	#span(start: number, end: number): Span {
		return { start: this.#base + start, end: this.#base + end };
	}

	/** Where the first `<` of a span is. */
	#angleIn({ start, end }: Span): number | undefined {
		const at = this.#text.slice(start, end).indexOf('<');
		return at < 0 ? undefined : start + at;
	}

	/** @param opening characters before what is inside @param closed as the tokenizer says it: 0 where the text ended first */
	#closedLeaf(
		kind: 'comment' | 'cdata',
		{ start, end }: Span,
		opening: number,
		closed: number,
		unclosed: Wording,
	): void {
		this.#builder.leaf(kind, start - opening, end + (closed === 0 ? 0 : 1));
		if (closed === 0) this.#builder.problem(start - opening, start, unclosed);
	}
}

/** Ends a start tag that runs into the `<` of the next one. */
function breakTag(builder: TreeBuilder, angle: number): never {
	builder.finishTag(angle, false, false);
	throw new Restart(angle);
}

/** A quote that was never closed swallows what follows: the value then ends with its line, or at its `>`. */
function endValueWithLine(builder: TreeBuilder, { start, end }: Span): never {
	const line = /^[^\n]*/.exec(builder.text.slice(start, end))![0].trimEnd();
	const close = /\/?>$/.exec(line)?.[0] ?? '';
	const stop = start + line.length - close.length;
	builder.attributeValue({ start, end: stop }, stop, true);
	builder.problem(start - 1, stop, (t) => t('The quote is not closed.'));
	builder.finishTag(stop + close.length, close === '/>', close !== '');
	throw new Restart(stop + close.length);
}

/** Definitions are read as UTF-8; a declaration that says something else would have other bytes mean other letters. */
function checkEncoding(builder: TreeBuilder, declaration: string): void {
	const match = /^<\?xml\s[^?]*?encoding\s*=\s*["']([^"']*)["']/.exec(declaration);
	if (match === null || /^(?:utf-?8|us-ascii)$/i.test(match[1]!)) return;
	const at = declaration.indexOf(match[1]!, match[0].length - match[1]!.length - 1);
	const words: Wording = (t) => t('Save the document as UTF-8 and write encoding="UTF-8".');
	builder.problem(at, at + match[1]!.length, words, 'xml-encoding');
}

/** A declaration with an internal subset goes on behind the first `>`, up to the `]>`. */
function endOfDeclaration(text: string, start: number, end: number): number {
	const opening = text.slice(start, end);
	if (!opening.includes('[') || /\]\s*>$/.test(opening)) return end;
	const close = /\]\s*>/.exec(text.slice(end));
	return close === null ? end : end + close.index + close[0].length;
}

/** A tag whose name the text breaks off in: the tokenizer passes over it. */
function unfinishedTag(builder: TreeBuilder): void {
	const from = builder.end;
	const match = /^<(\/?)([^\s/>]+)/.exec(builder.text.slice(from));
	if (match === null) return;
	const end = from + match[0].length;
	if (match[1] === '') builder.startTag(from + 1, end);
	else builder.endTag(from, { start: from + 2, end }, end, false);
}
