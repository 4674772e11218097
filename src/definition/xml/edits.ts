import { defaultLayout, writeElement, type Layout, type PlainElement } from './write.ts';
import type { Span, XmlDocument, XmlElement, XmlNode } from './tree.ts';

/** Replaces the text from `start` to `end`. Edits of one change do not overlap; at one place they go in their order. */
export interface TextEdit extends Span {
	readonly text: string;
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
	let result = '';
	let at = 0;
	for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
		result += text.slice(at, edit.start) + edit.text;
		at = edit.end;
	}
	return result + text.slice(at);
}

/** The line ends and the indentation that a document uses already. */
export function layoutOf(document: XmlDocument): Layout {
	const { text, root } = document;
	const first = root?.children.find((node) => node.kind === 'element');
	const indent = first === undefined ? '' : (lineMargin(text, first.start) ?? '');
	return {
		indent: /^[ \t]+$/.test(indent) ? indent : defaultLayout.indent,
		lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
	};
}

/** Puts elements into one that has none yet. */
export function fillElement(
	document: XmlDocument,
	parent: XmlElement,
	children: readonly PlainElement[],
	layout: Layout,
): TextEdit {
	const margin = marginOf(document, parent, layout);
	const inner = `${layout.lineEnd}${margin}${layout.indent}`;
	const lines = children.map((child) => inner + writeElement(child, layout, margin + layout.indent)).join('');
	if (parent.selfClosing) {
		const tag = document.text.slice(parent.start, parent.openEnd).replace(/\s*\/>$/, '');
		return {
			start: parent.start + tag.length,
			end: parent.end,
			text: `>${lines}${layout.lineEnd}${margin}</${parent.name}>`,
		};
	}
	const content = document.text.slice(parent.openEnd, parent.closeStart);
	const at = parent.openEnd;
	return content.includes('\n')
		? { start: at, end: at, text: lines }
		: { start: at, end: parent.closeStart, text: `${lines}${layout.lineEnd}${margin}` };
}

/**
 * Puts an element behind another child of `parent`, or first when `after` is undefined. A comment that stands behind
 * on the same line stays where it is.
 */
export function insertElement(
	document: XmlDocument,
	parent: XmlElement,
	after: XmlElement | undefined,
	element: PlainElement,
	layout: Layout,
): TextEdit {
	const index = after === undefined ? -1 : parent.children.indexOf(after);
	const at = endOfLine(document.text, parent.children.slice(index + 1), after?.end ?? parent.openEnd);
	const sibling = parent.children.find((node) => node.kind === 'element');
	const margin =
		(sibling && lineMargin(document.text, sibling.start)) ?? marginOf(document, parent, layout) + layout.indent;
	const onOneLine = sibling !== undefined && lineMargin(document.text, sibling.start) === undefined;
	const lead = onOneLine ? '' : `${layout.lineEnd}${margin}`;
	return { start: at, end: at, text: lead + writeElement(element, layout, margin) };
}

/** Takes an element out, with its line when nothing else stands there. */
export function removeElement(document: XmlDocument, element: XmlElement): TextEdit {
	const { text } = document;
	const before = /(\r?\n)?[ \t]*$/.exec(text.slice(0, element.start))!;
	const alone = before[1] !== undefined && /^[ \t]*(\r?\n|$)/.test(text.slice(element.end));
	return { start: alone ? before.index : element.start, end: element.end, text: '' };
}

/** Indentation of the line that the element begins on. */
function marginOf(document: XmlDocument, element: XmlElement, layout: Layout): string {
	const margin = lineMargin(document.text, element.start);
	if (margin !== undefined) return margin;
	return element.parent === undefined ? '' : marginOf(document, element.parent, layout) + layout.indent;
}

/** White space between the start of the line and the offset; undefined when something else stands there. */
function lineMargin(text: string, offset: number): string | undefined {
	const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
	return /^[ \t]*$/.test(line) ? line : undefined;
}

function endOfLine(text: string, following: readonly XmlNode[], from: number): number {
	let at = from;
	for (const node of following) {
		if (node.kind === 'comment') at = node.end;
		else if (node.kind !== 'text' || text.slice(node.start, node.end).includes('\n')) break;
	}
	return at;
}
