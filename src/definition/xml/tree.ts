import type { Worded } from '../../base/l10n.ts';

/**
 * An XML document with the place of everything in its text. Offsets count UTF-16 units, as editors do; `end` is
 * exclusive. The tree exists for text that is not well-formed too: `problems` then says what is wrong with it.
 */
export interface XmlDocument {
	readonly text: string;
	/** What stands at the top: comments, processing instructions, the root, and whatever should not be there. */
	readonly nodes: readonly XmlNode[];
	readonly root: XmlElement | undefined;
	/** In the order of the text; empty when the document is well-formed (namespaces included). */
	readonly problems: readonly XmlProblem[];
}

export interface Span {
	readonly start: number;
	readonly end: number;
}

export type XmlProblemCode = 'xml-malformed' | 'xml-encoding' | 'xml-doctype' | 'xml-too-large' | 'xml-too-deep';

export interface XmlProblem extends Span, Worded {
	readonly code: XmlProblemCode;
}

export interface XmlText extends Span {
	/** `declaration` is what begins with `<!` and is neither comment nor CDATA; `instruction` includes `<?xml`. */
	readonly kind: 'text' | 'cdata' | 'comment' | 'instruction' | 'declaration';
}

export interface XmlAttribute extends Span {
	/** As written, with its prefix. */
	readonly name: string;
	readonly nameSpan: Span;
	/** With references resolved and white space made spaces; undefined when there is no value. */
	readonly value: string | undefined;
	/** Inside the quotes; undefined when there is no value. */
	readonly valueSpan: Span | undefined;
}

export interface XmlElement extends Span {
	readonly kind: 'element';
	/** As written, with its prefix. */
	readonly name: string;
	/** Without the prefix. */
	readonly local: string;
	/** Namespace URI, empty for none or for a prefix that is not declared. */
	readonly namespace: string;
	readonly nameSpan: Span;
	readonly attributes: readonly XmlAttribute[];
	/** After the `>` of the start tag, or where the start tag breaks off. */
	readonly openEnd: number;
	readonly selfClosing: boolean;
	/** Name in the end tag; undefined when there is no end tag. */
	readonly closeNameSpan: Span | undefined;
	/** At the `<` of the end tag, or where the content ends. */
	readonly closeStart: number;
	readonly children: readonly XmlNode[];
	readonly parent: XmlElement | undefined;
}

export type XmlNode = XmlElement | XmlText;

export function isElement(node: XmlNode): node is XmlElement {
	return node.kind === 'element';
}

export function elementsOf(element: XmlElement): XmlElement[] {
	return element.children.filter(isElement);
}

export function attributeOf(element: XmlElement, name: string): XmlAttribute | undefined {
	return element.attributes.find((attribute) => attribute.name === name);
}
