import type { Span, XmlAttribute, XmlDocument, XmlElement, XmlNode } from '../definition/xml/tree.ts';
import { isElement } from '../definition/xml/tree.ts';

/** What an offset in a document is inside of. */
export type Place =
	/** Between tags. `bracket` when a `<` has been typed there, which `typed` then includes. */
	| {
			readonly kind: 'content';
			readonly parent: XmlElement | undefined;
			readonly typed: Span;
			readonly bracket: boolean;
	  }
	/** In the name of a start tag; `typed` begins with its `<`. */
	| { readonly kind: 'tag-name'; readonly element: XmlElement; readonly typed: Span }
	/** In an end tag, whose name `typed` is; `element` is the one that is open there. */
	| { readonly kind: 'end-tag'; readonly element: XmlElement | undefined; readonly typed: Span }
	/** In a start tag where an attribute stands or may begin. */
	| {
			readonly kind: 'attribute-name';
			readonly element: XmlElement;
			readonly attribute: XmlAttribute | undefined;
			readonly typed: Span;
	  }
	/** In the value of an attribute. */
	| {
			readonly kind: 'attribute-value';
			readonly element: XmlElement;
			readonly attribute: XmlAttribute;
			readonly value: Span;
	  }
	/** Where nothing of ours can stand: comments, CDATA, instructions, and between a name and its value. */
	| { readonly kind: 'elsewhere' };

export function placeAt(document: XmlDocument, offset: number): Place {
	const { text } = document;
	const element = innermost(document, offset);
	if (leafAt(element?.children ?? document.nodes, offset)) return { kind: 'elsewhere' };
	const close = element?.closeNameSpan;
	if (element !== undefined && close !== undefined && close.start <= offset && offset <= close.end) {
		return { kind: 'end-tag', element, typed: close };
	}
	const ending = /<\/[^\s<>/"'=]*$/.exec(lineBefore(text, offset));
	if (ending !== null) {
		const rest = /^[^\s<>/"'=]*/.exec(text.slice(offset, offset + 200))![0];
		return { kind: 'end-tag', element, typed: { start: offset - ending[0].length + 2, end: offset + rest.length } };
	}
	if (element !== undefined && inStartTag(text, element, offset)) return inTag(text, element, offset);
	const begun = /<?[\w:.-]*$/.exec(lineBefore(text, offset))![0];
	return {
		kind: 'content',
		parent: element,
		typed: { start: offset - begun.length, end: offset },
		bracket: begun.startsWith('<'),
	};
}

/** The innermost element that holds the offset, one that nothing has closed at its very end included. */
export function innermost(document: XmlDocument, offset: number): XmlElement | undefined {
	let found: XmlElement | undefined;
	let nodes: readonly XmlNode[] = document.nodes;
	for (;;) {
		const next = nodes.findLast((node) => node.start < offset && isElement(node) && holds(node, offset));
		if (next === undefined || !isElement(next)) return found;
		found = next;
		nodes = next.children;
	}
}

function holds(element: XmlElement, offset: number): boolean {
	const open = element.closeNameSpan === undefined && !element.selfClosing;
	return offset < element.end || (open && offset === element.end);
}

function leafAt(nodes: readonly XmlNode[], offset: number): boolean {
	return nodes.some(
		(node) => node.kind !== 'element' && node.kind !== 'text' && node.start < offset && offset < node.end,
	);
}

function lineBefore(text: string, offset: number): string {
	return text.slice(Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - 200), offset);
}

function inStartTag(text: string, { openEnd }: XmlElement, offset: number): boolean {
	return offset < openEnd || (offset === openEnd && text[openEnd - 1] !== '>');
}

function inTag(text: string, element: XmlElement, offset: number): Place {
	const { nameSpan } = element;
	if (offset <= nameSpan.end) return { kind: 'tag-name', element, typed: { start: element.start, end: nameSpan.end } };
	for (const attribute of element.attributes) {
		const { nameSpan: name, valueSpan: value } = attribute;
		if (name.start <= offset && offset <= name.end) return { kind: 'attribute-name', element, attribute, typed: name };
		if (value !== undefined && value.start <= offset && offset <= value.end) {
			return { kind: 'attribute-value', element, attribute, value };
		}
		if (name.end < offset && offset < attribute.end) return { kind: 'elsewhere' };
	}
	if (!/[\s"']/.test(text[offset - 1]!)) return { kind: 'elsewhere' };
	return { kind: 'attribute-name', element, attribute: undefined, typed: { start: offset, end: offset } };
}
