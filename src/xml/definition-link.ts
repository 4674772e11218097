import { definitionXsd } from '../definition/schema/xsd.ts';
import { parseXml } from '../definition/xml/parse.ts';
import { attributeOf, elementsOf, type Span, type XmlElement } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import { placeAt } from './place.ts';

/** Where in a document something is, and where in the XSD it is declared. */
export interface DefinitionLink {
	readonly origin: Span;
	/** The declaration in the text of the XSD. */
	readonly target: Span;
	/** Its name there. */
	readonly name: Span;
}

/** The declaration, in the XSD, of the element, attribute or value at an offset. */
export function definitionLink(document: DefinitionText, offset: number): DefinitionLink | undefined {
	const place = placeAt(document.xml, offset);
	switch (place.kind) {
		case 'tag-name':
		case 'end-tag': {
			if (place.element === undefined) return undefined;
			const origin = place.kind === 'tag-name' ? place.element.nameSpan : place.typed;
			return link(origin, declarationIn(place.element));
		}
		case 'attribute-name':
		case 'attribute-value': {
			const { element, attribute } = place;
			const owner = typeOf(declarationIn(element));
			const declaration =
				owner && elementsOf(owner).find((one) => one.local === 'attribute' && nameOf(one) === attribute?.name);
			if (attribute === undefined) return undefined;
			if (place.kind === 'attribute-name') return link(attribute.nameSpan, declaration);
			return link(place.value, enumeration(typeOf(declaration), attribute.value ?? '') ?? declaration);
		}
		case 'content': {
			const { parent } = place;
			if (parent === undefined || document.declarationOf(parent)?.type.kind !== 'simple') return undefined;
			const origin = { start: parent.openEnd, end: parent.closeStart };
			const declaration = declarationIn(parent);
			const value = document.text.slice(origin.start, origin.end).trim();
			return link(origin, enumeration(typeOf(declaration), value) ?? declaration);
		}
		case 'elsewhere':
			return undefined;
	}
}

function link(origin: Span, declaration: XmlElement | undefined): DefinitionLink | undefined {
	if (declaration === undefined) return undefined;
	const name = attributeOf(declaration, 'name') ?? attributeOf(declaration, 'value');
	return { origin, target: declaration, name: name?.valueSpan ?? declaration.nameSpan };
}

let parsed: XmlElement | undefined;

function schema(): XmlElement {
	parsed ??= parseXml(definitionXsd).root!;
	return parsed;
}

/** The xs:element that declares an element of a document. */
function declarationIn(element: XmlElement): XmlElement | undefined {
	const { parent } = element;
	const scope = parent === undefined ? schema() : typeOf(declarationIn(parent));
	return scope && findElement(scope, element.local);
}

/** The named type of a declaration; undefined for one of XML Schema's own. */
function typeOf(declaration: XmlElement | undefined): XmlElement | undefined {
	const name = declaration && attributeOf(declaration, 'type')?.value;
	return elementsOf(schema()).find((one) => one.local.endsWith('Type') && nameOf(one) === name);
}

function findElement(scope: XmlElement, name: string): XmlElement | undefined {
	for (const child of elementsOf(scope)) {
		if (child.local === 'element' && nameOf(child) === name) return child;
		if (child.local !== 'sequence' && child.local !== 'choice' && child.local !== 'all') continue;
		const found = findElement(child, name);
		if (found !== undefined) return found;
	}
	return undefined;
}

function enumeration(type: XmlElement | undefined, value: string): XmlElement | undefined {
	const restriction = type && elementsOf(type).find(({ local }) => local === 'restriction');
	return restriction && elementsOf(restriction).find((one) => attributeOf(one, 'value')?.value === value);
}

function nameOf(element: XmlElement): string | undefined {
	return attributeOf(element, 'name')?.value;
}
