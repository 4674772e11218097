import { QuoteType, Tokenizer } from 'htmlparser2';
import { SaxesParser } from 'saxes';
import { worded, type Wording } from '../../base/l10n.ts';
import { TreeBuilder } from './builder.ts';
import { strictWording } from './strict-words.ts';
import type { Span, XmlDocument, XmlProblem } from './tree.ts';

/** Longer documents are refused unread, in UTF-16 units: a definition of 5,000 lines has some 400,000. */
const maxLength = 4_000_000;

/** How often reading starts anew after a broken tag before the rest is given up. */
const maxRestarts = 500;

/**
 * Reads XML into a tree with positions, whatever its state. Nothing is ever fetched or expanded: a document type
 * declaration, the only place where entities come from, is a problem of its own.
 */
export function parseXml(text: string): XmlDocument {
	if (text.length > maxLength) {
		const words = worded((t) => t('The document is longer than {0} million characters.', maxLength / 1e6));
		const problem = { code: 'xml-too-large', start: 0, end: 1, ...words } as const;
		return { text, nodes: [], root: undefined, problems: [problem] };
	}
	const builder = new TreeBuilder(text);
	let at: number | undefined = 0;
	let restarts = 0;
	while (at !== undefined && !builder.tooDeep && restarts++ < maxRestarts) at = readFrom(builder, at);
	builder.finish(at ?? text.length);
	const { nodes, root, problems } = builder;
	return { text, nodes, root, problems: problems.length > 0 ? problems : strictProblems(text) };
}

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
 * happens the broken tag is ended, and the offset to go on from is returned.
 */
function readFrom(builder: TreeBuilder, base: number): number | undefined {
	const { text } = builder;
	let value: Span | undefined;
	const tokenizer = new Tokenizer(
		{ xmlMode: true, decodeEntities: false },
		{
			onopentagname(start, end) {
				const angle = text.slice(base + start, base + end).indexOf('<');
				builder.startTag(base + start, angle < 0 ? base + end : base + start + angle);
				if (angle >= 0) breakTag(builder, base + start + angle);
			},
			onattribname(start, end) {
				const angle = text.slice(base + start, base + end).indexOf('<');
				if (angle >= 0) breakTag(builder, base + start + angle);
				builder.attribute(base + start, base + end);
				value = undefined;
			},
			onattribdata(start, end) {
				value = { start: base + start, end: base + end };
			},
			onattribend(quote, end) {
				const span = value ?? { start: base + end, end: base + end };
				value = undefined;
				if (quote === QuoteType.NoValue) {
					builder.noValue();
				} else if (quote === QuoteType.Unquoted) {
					const angle = text.slice(span.start, span.end).indexOf('<');
					const stop = angle < 0 ? span.end : span.start + angle;
					builder.attributeValue({ start: span.start, end: stop }, stop, false);
					if (angle >= 0) breakTag(builder, stop);
				} else {
					const line = text.slice(span.start, span.end).indexOf('\n');
					if (line >= 0 && text.slice(span.start + line, span.end).includes('<')) endValueWithLine(builder, span);
					builder.attributeValue(span, base + end, true);
				}
			},
			onopentagend(end) {
				builder.finishTag(base + end + 1, false, true);
				if (builder.tooDeep) throw new Restart(base + end + 1);
			},
			onselfclosingtag: (end) => builder.finishTag(base + end + 1, true, true),
			onclosetag(start, end) {
				const from = text.lastIndexOf('</', base + start - 1);
				const stop = text.slice(from + 2).search(/[<>]/);
				const close = stop < 0 ? text.length : from + 2 + stop;
				const complete = text[close] === '>';
				const name = { start: Math.min(base + start, close), end: Math.min(base + end, close) };
				builder.endTag(from, name, complete ? close + 1 : close, complete);
				if (!complete) throw new Restart(close);
			},
			ontext(start, end) {
				// A tag that the text breaks off in behind a slash is handed over as text too.
				if (builder.tag === undefined) builder.leaf('text', base + start, base + end);
			},
			oncomment(start, end, closed) {
				if (!text.startsWith('<!--', base + start - 4)) {
					// An end tag with something impossible for a name.
					const from = text.lastIndexOf('</', base + start);
					const at = Math.min(base + start, base + end);
					builder.endTag(from, { start: at, end: at }, Math.min(base + end + 1, text.length), true);
					return;
				}
				builder.leaf('comment', base + start - 4, base + end + (closed === 0 ? 0 : 1));
				if (closed === 0) {
					builder.problem(base + start - 4, base + start, (t) => t('The comment is not closed; add -->.'));
				}
			},
			oncdata(start, end, closed) {
				builder.leaf('cdata', base + start - 9, base + end + (closed === 0 ? 0 : 1));
				if (closed === 0) {
					builder.problem(base + start - 9, base + start, (t) => t('The CDATA section is not closed; add ]]>.'));
				}
			},
			onprocessinginstruction(start, end) {
				builder.leaf('instruction', base + start - 2, base + end + 2);
				if (base + start === 2) checkEncoding(builder, text.slice(0, base + end + 2));
			},
			ondeclaration(start, end) {
				const from = base + start - 2;
				const stop = endOfDeclaration(text, from, base + end + 1);
				builder.leaf('declaration', from, stop);
				const words: Wording = (t) =>
					t('A document type declaration is not allowed here: entities are neither declared nor fetched.');
				builder.problem(from, stop, words, 'xml-doctype');
				if (stop !== base + end + 1) throw new Restart(stop);
			},
			onattribentity() {},
			ontextentity() {},
			onend() {},
		},
	);
	try {
		tokenizer.write(base === 0 ? text : text.slice(base));
		if (builder.tag !== undefined && value !== undefined) endValueWithLine(builder, value);
		tokenizer.end();
	} catch (error) {
		if (error instanceof Restart) return error.at;
		throw error;
	}
	if (builder.tag === undefined) unfinishedTag(builder);
	return undefined;
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

/** What a strict parser objects to where the tree looks sound: forbidden characters, undeclared prefixes and the like. */
function strictProblems(text: string): XmlProblem[] {
	const problems: XmlProblem[] = [];
	const parser = new SaxesParser({ xmlns: true });
	parser.on('error', (error) => {
		const at = Math.max(0, Math.min(parser.position, text.length) - 1);
		if (problems.length >= 20) return;
		const wording = strictWording(error.message.replace(/^\d+:\d+: /, ''));
		problems.push({ code: 'xml-malformed', start: at, end: at + 1, ...worded(wording) });
	});
	parser.write(text).close();
	return problems;
}
