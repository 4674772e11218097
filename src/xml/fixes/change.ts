import { encodeAttribute } from '../../definition/xml/characters.ts';
import { fillElement, insertElement, layoutOf, type TextEdit } from '../../definition/xml/edits.ts';
import { elementsIn, type ElementDeclaration, type Group } from '../../definition/schema/types.ts';
import { attributeOf, elementsOf, type XmlAttribute, type XmlElement } from '../../definition/xml/tree.ts';
import type { PlainElement } from '../../definition/xml/write.ts';
import type { DefinitionText } from '../document.ts';
import { likely } from '../snippet.ts';

/** Gives an element an attribute, behind those that it has, or a new value to one that it has. */
export function setAttribute(element: XmlElement, name: string, value: string): TextEdit {
	const found = attributeOf(element, name);
	const text = encodeAttribute(value);
	if (found?.valueSpan !== undefined) return { ...found.valueSpan, text: text.replace(/'/g, '&apos;') };
	const end = found?.nameSpan.end ?? element.attributes.at(-1)?.end ?? element.nameSpan.end;
	return { start: end, end, text: found === undefined ? ` ${name}="${text}"` : `="${text}"` };
}

/** Takes an attribute out with the white space in front of it. */
export function removeAttribute({ text }: DefinitionText, attribute: XmlAttribute): TextEdit {
	const lead = /\s*$/.exec(text.slice(0, attribute.start))![0].length;
	return { start: attribute.start - lead, end: attribute.end, text: '' };
}

/** Puts an element where its place is among the children of `parent`. */
export function addElement(document: DefinitionText, parent: XmlElement, element: PlainElement): TextEdit {
	const layout = layoutOf(document.xml);
	const children = elementsOf(parent);
	const named = prefixed(element, document.prefix);
	if (children.length === 0) return fillElement(document.xml, parent, [named], layout);
	const type = document.declarationOf(parent)?.type;
	const order = type?.kind === 'complex' ? elementsIn(type.content).map((one) => one.element.name) : [];
	const rank = order.indexOf(element.name);
	const after = children.findLast((child) => {
		const index = order.indexOf(child.local);
		return index >= 0 && index <= rank;
	});
	return insertElement(document.xml, parent, after, named, layout);
}

/** Gives an element new names in both its tags. */
export function renameElement({ nameSpan, closeNameSpan }: XmlElement, name: string): TextEdit[] {
	return [nameSpan, ...(closeNameSpan === undefined ? [] : [closeNameSpan])].map((span) => ({
		start: span.start,
		end: span.end,
		text: name,
	}));
}

/** An element with all that it needs, filled with likely values. */
export function likelyElement({ name, type, defaultValue }: ElementDeclaration): PlainElement {
	if (type.kind === 'simple') return { name, attributes: [], children: [], text: likelyText(name, type, defaultValue) };
	const attributes = type.attributes
		.filter(({ required }) => required)
		.map((one) => [one.name, likelyText(one.name, one.type, one.defaultValue)] as const);
	return { name, attributes, children: type.content === undefined ? [] : needed(type.content), text: undefined };
}

/** Where a value can only be guessed, one that is valid and easy to see and change. */
export function likelyText(
	...[name, type, defaultValue]: [string, Parameters<typeof likely>[0], string | undefined]
): string {
	const text = likely(type, defaultValue);
	if (text !== '') return text;
	const guesses: Readonly<Record<string, string>> = {
		date: '2030-01-01',
		disk_signature: '00000000',
		time_zone: 'UTC',
		mail_server: 'smtps://mail.example.com:465',
		path: '/mnt/backup',
	};
	return guesses[type.name] ?? (name === 'recipients' ? 'admin@example.com' : 'My backup');
}

function needed(group: Group): PlainElement[] {
	if (group.min === 0) return [];
	const particles = group.kind === 'choice' ? group.particles.slice(0, 1) : group.particles;
	return particles.flatMap((particle) => {
		if (particle.min === 0) return [];
		return particle.kind === 'element' ? [likelyElement(particle.element)] : needed(particle);
	});
}

function prefixed(element: PlainElement, prefix: string): PlainElement {
	if (prefix === '') return element;
	const children = element.children.map((child) => prefixed(child, prefix));
	return { ...element, name: prefix + element.name, children };
}
