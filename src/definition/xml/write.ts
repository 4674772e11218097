import { XMLBuilder } from 'fast-xml-parser';
import { encodeAttribute, encodeText } from './characters.ts';

/** An element to be written: it holds either a text or elements. */
export interface PlainElement {
	readonly name: string;
	readonly attributes: readonly (readonly [name: string, value: string])[];
	readonly children: readonly PlainElement[];
	readonly text: string | undefined;
}

/** How a document is laid out. */
export interface Layout {
	/** One level of indentation. */
	readonly indent: string;
	readonly lineEnd: '\n' | '\r\n';
}

export const defaultLayout: Layout = { indent: '\t', lineEnd: '\n' };

/** The text of an element, its lines after the first indented by `margin`; no line end after the last. */
export function writeElement(element: PlainElement, layout: Layout = defaultLayout, margin = ''): string {
	const builder = new XMLBuilder({
		preserveOrder: true,
		format: true,
		indentBy: layout.indent,
		ignoreAttributes: false,
		attributeNamePrefix: '',
		suppressEmptyNode: true,
		suppressBooleanAttributes: false,
		processEntities: false,
	});
	const text = builder.build([ordered(element)]).trim();
	return text.replace(/\n/g, `${layout.lineEnd}${margin}`).replaceAll(ownLineEnd, layout.lineEnd);
}

/** A whole document, with XML declaration and a line end after the last line. */
export function writeDocument(root: PlainElement, layout: Layout = defaultLayout): string {
	return `<?xml version="1.0" encoding="UTF-8"?>${layout.lineEnd}${writeElement(root, layout)}${layout.lineEnd}`;
}

/** Stands for a line end of the text itself, which must not be indented; encoded text never holds this character. */
const ownLineEnd = '\0';

type Ordered = Record<string, unknown>;

function ordered(element: PlainElement): Ordered {
	const content: Ordered[] =
		element.text === undefined
			? element.children.map(ordered)
			: [{ '#text': encodeText(element.text).replaceAll('\n', ownLineEnd) }];
	const attributes = Object.fromEntries(element.attributes.map(([name, value]) => [name, encodeAttribute(value)]));
	return { [element.name]: content, ':@': attributes };
}
