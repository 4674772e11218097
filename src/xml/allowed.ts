import { matchContent } from '../definition/schema/content.ts';
import { elementsIn, type ComplexType, type ElementParticle } from '../definition/schema/types.ts';
import { isElement, type Span, type XmlElement, type XmlNode } from '../definition/xml/tree.ts';

/** Names of the elements that stand before and behind a place among its siblings. */
export interface Neighbours {
	readonly before: readonly string[];
	readonly after: readonly string[];
}

/**
 * The neighbours of a place inside `parent`.
 * @param broken an element whose start tag breaks off there: it is left out, and what it swallowed stands behind it
 */
export function neighbours(parent: XmlElement, place: Span, broken?: XmlElement): Neighbours {
	const before: string[] = [];
	const after: string[] = [];
	for (const node of parent.children) {
		if (!isElement(node) || node === broken) continue;
		if (node.start < place.start) before.push(node.local);
		else after.push(node.local);
	}
	if (broken !== undefined) after.unshift(...namesIn(broken.children));
	return { before, after };
}

/** The elements of the schema that may stand at a place, in its order. */
export function allowedElements(type: ComplexType, { before, after }: Neighbours): ElementParticle[] {
	const { content } = type;
	if (content === undefined) return [];
	const particles = elementsIn(content);
	const known = (name: string): boolean => particles.some(({ element }) => element.name === name);
	const head = before.filter(known);
	const tail = after.filter(known);
	const wrongAlready = matchContent(content, [...head, ...tail]).unexpected ?? Infinity;
	return particles.filter(({ element }) => {
		const { unexpected } = matchContent(content, [...head, element.name, ...tail]);
		return unexpected === undefined || unexpected > Math.max(wrongAlready, head.length);
	});
}

/** Names of required elements that are missing inside an element; where one of several will do, the first. */
export function missingElements(type: ComplexType, names: readonly string[]): string[] {
	if (type.content === undefined) return [];
	return matchContent(type.content, names).missing.map((alternatives) => alternatives[0]!);
}

export function namesIn(nodes: readonly XmlNode[]): string[] {
	return nodes.filter(isElement).map(({ local }) => local);
}
