import { XMLParser } from 'fast-xml-parser';
import { decodeAttribute, decodeReferences } from './characters.ts';
import { isElement, type XmlDocument, type XmlNode } from './tree.ts';

/** An element without its place: what it says, and nothing of how it is written. */
export interface ValueElement {
	/** Name without its prefix. */
	readonly local: string;
	/** By their names as written, prefix included. */
	readonly attributes: ReadonlyMap<string, string>;
	readonly children: readonly ValueElement[];
	/** All character data of its own, CDATA included, line ends as `\n`. */
	readonly text: string;
}

/**
 * Marks names of elements and attributes: no name in XML has this character. The parser then takes none for a property
 * of its own and refuses none that has a meaning in JavaScript.
 */
const mark = '<';
const textName = '#text';
const cdataName = '#cdata';
const attributesName = ':@';

/** One node as the parser gives it: content by the name of the node, and attributes by `attributesName`. */
type Node = Readonly<Record<string, unknown>>;

/**
 * Reads a document that `parseXml` found well-formed, and therefore within its bounds and without a document type
 * declaration. The parser resolves nothing, converts nothing and trims nothing: references are resolved here, by the
 * same rules as in the tree.
 * @throws Error when the document has problems: this parser does not notice them
 */
export function readValues(document: XmlDocument): ValueElement {
	const [problem] = document.problems;
	if (problem !== undefined || document.root === undefined) throw new Error(problem?.message ?? 'There is no root.');
	const parser = new XMLParser({
		preserveOrder: true,
		ignoreAttributes: false,
		attributeNamePrefix: mark,
		transformTagName: (name) => (name.startsWith(mark) ? name : mark + name),
		textNodeName: textName,
		cdataPropName: cdataName,
		trimValues: false,
		parseTagValue: false,
		parseAttributeValue: false,
		processEntities: false,
		jPath: false,
	});
	const nodes = parser.parse(withoutInstructions(document)) as readonly Node[];
	return nodes.flatMap(toElement)[0]!;
}

/**
 * The text with an empty comment for each processing instruction, the XML declaration included. They say nothing to
 * us, and the parser looks for attributes in them, which a lone quote leads astray.
 */
function withoutInstructions({ text, nodes }: XmlDocument): string {
	let result = '';
	let end = 0;
	const visit = (node: XmlNode): void => {
		if (isElement(node)) {
			node.children.forEach(visit);
		} else if (node.kind === 'instruction') {
			result += `${text.slice(end, node.start)}<!---->`;
			end = node.end;
		}
	};
	nodes.forEach(visit);
	return result + text.slice(end);
}

function toElement(node: Node): ValueElement[] {
	const name = nameOf(node);
	if (!name.startsWith(mark)) return [];
	const content = node[name] as readonly Node[];
	const attributes = (node[attributesName] ?? {}) as Readonly<Record<string, string>>;
	return [
		{
			local: name.slice(Math.max(mark.length, name.indexOf(':') + 1)),
			attributes: new Map(
				Object.entries(attributes).map(([marked, raw]) => [marked.slice(mark.length), decodeAttribute(raw)]),
			),
			children: content.flatMap(toElement),
			text: content.map(characterData).join(''),
		},
	];
}

function characterData(node: Node): string {
	const name = nameOf(node);
	if (name === textName) return decodeReferences(node[name] as string);
	return name === cdataName ? (node[name] as readonly Node[]).map((one) => one[textName] as string).join('') : '';
}

function nameOf(node: Node): string {
	return Object.keys(node).find((key) => key !== attributesName)!;
}
