import type { SimpleType } from '../definition/schema/types.ts';
import { elementsOf, type Span, type XmlElement } from '../definition/xml/tree.ts';
import { neighbours } from './allowed.ts';
import { attributeItems } from './completion/attributes.ts';
import { blockItems, documentItems } from './completion/blocks.ts';
import { elementItems, endTagItem, type ElementPlace } from './completion/elements.ts';
import { orderOf, type CompletionItem } from './completion/item.ts';
import { partitionNumberItems, signatureItems, sourceItems } from './completion/live.ts';
import { parameterItems, takesParameters } from './completion/parameters.ts';
import { planItems } from './completion/plans.ts';
import { valueItem, valueItems, type ValuePlace } from './completion/values.ts';
import type { DefinitionText } from './document.ts';
import { parameterNow, type Surroundings } from './file-name.ts';
import type { LiveFacts } from './live-facts.ts';
import { placeAt } from './place.ts';
import type { Words } from './words.ts';

/** Everything that can be put in at an offset, whatever the state of the document. */
export async function complete(
	document: DefinitionText,
	offset: number,
	facts: LiveFacts,
	surroundings: Surroundings,
): Promise<CompletionItem[]> {
	const place = placeAt(document.xml, offset);
	const { t } = surroundings.words;
	switch (place.kind) {
		case 'elsewhere':
			return [];
		case 'end-tag':
			return place.element === undefined ? [] : [endTag(document, place.element, place.typed)];
		case 'attribute-name':
			return attributeItems(document, place.element, place.attribute, place.typed, t);
		case 'attribute-value': {
			const { element, attribute, value } = place;
			const declaration = document.attributeDeclaration(element, attribute.name);
			if (declaration === undefined) return [];
			const { type, defaultValue, name } = declaration;
			const at = { text: document.text, offset, value, inAttribute: true, type, defaultValue, name };
			return values(document, at, element, facts, surroundings);
		}
		case 'tag-name': {
			const { element, typed } = place;
			if (element.parent === undefined) return documentItems(typed, true, hasDeclaration(document), t);
			const whole = document.text[element.openEnd - 1] === '>';
			const around = neighbours(element.parent, element, element);
			const own = { ...around, after: whole ? withoutContent(element.parent, element) : around.after };
			const span = { start: typed.start, end: whole ? typed.end : offset };
			const renamed = whole ? element : undefined;
			const at = { parent: element.parent, around: own, span, bracket: true, renamed };
			const items = await elements(document, at, facts, surroundings.words);
			if (whole) return items.filter(({ kind }) => kind === 'element');
			if (element.parent.closeNameSpan === undefined) items.push(endTagItem(element.parent, span, '</'));
			return items;
		}
		case 'content': {
			const { parent, typed, bracket } = place;
			if (parent === undefined) {
				return document.xml.root === undefined ? documentItems(typed, bracket, hasDeclaration(document), t) : [];
			}
			const declaration = document.declarationOf(parent);
			if (declaration?.type.kind === 'simple') {
				if (bracket) return [endTagItem(parent, typed, '</')];
				const { type, defaultValue, name } = declaration;
				const value = contentSpan(document.text, parent, offset);
				const at = { text: document.text, offset, value, inAttribute: false, type, defaultValue, name };
				return values(document, at, parent, facts, surroundings);
			}
			const at = { parent, around: neighbours(parent, typed), span: typed, bracket, renamed: undefined };
			const items = await elements(document, at, facts, surroundings.words);
			if (parent.closeNameSpan === undefined) items.push(endTagItem(parent, typed, '</'));
			return items;
		}
	}
}

async function elements(
	document: DefinitionText,
	at: Omit<ElementPlace, 'type'>,
	facts: LiveFacts,
	words: Words,
): Promise<CompletionItem[]> {
	const { parent } = at;
	const type = document.declarationOf(parent)?.type;
	if (type?.kind !== 'complex') return [];
	const place: ElementPlace = { ...at, type };
	const live = parent.local === 'sources' || parent.local === 'disk' ? await facts.disks() : [];
	return [
		...elementItems(document, place, words.t),
		...blockItems(document, place, words.t),
		...planItems(document, place, words.t),
		...sourceItems(document, place, live, words),
	];
}

async function values(
	document: DefinitionText,
	place: ValuePlace,
	element: XmlElement,
	facts: LiveFacts,
	surroundings: Surroundings,
): Promise<CompletionItem[]> {
	const { words } = surroundings;
	const items = valueItems(place, surroundings.now, words.t);
	const { type, name, inAttribute } = place;
	if (takesParameters(element, inAttribute ? name : undefined)) {
		const { definition } = document.read;
		items.push(...parameterItems(place, words.t, (parameter) => parameterNow(parameter, definition, surroundings)));
	}
	if (type.name === 'disk_signature') items.push(...signatureItems(place, element, await facts.disks(), words));
	if (element.local === 'partition' && name === 'number') {
		const live = partitionNumberItems(place, element, await facts.disks(), words);
		if (live.length > 0) return live;
	}
	if (isPath(type, element, inAttribute ? name : undefined)) {
		const typed = place.text.slice(place.value.start, place.offset);
		const folders = await facts.folders(typed);
		items.push(
			...folders.map((folder, index) =>
				valueItem(place, place.value, folder, orderOf(3, index), { kind: 'folder', suggestNext: true }),
			),
		);
	}
	return items;
}

/** A value that is a path on this computer: the name of a secret or of a variable is of the same type. */
function isPath(type: SimpleType, element: XmlElement, attribute: string | undefined): boolean {
	if (type.name !== 'path') return false;
	return attribute !== 'password_name' || element.attributes.some(({ value }) => value === 'file');
}

function endTag(document: DefinitionText, element: XmlElement, typed: Span): CompletionItem {
	const closed = document.text[typed.end] === '>';
	return endTagItem(element, { start: typed.start, end: typed.end + (closed ? 1 : 0) }, '');
}

/** The value that is being typed in an element: on the line of the offset, without white space around it. */
function contentSpan(text: string, { openEnd }: XmlElement, offset: number): Span {
	const from = Math.max(openEnd, text.lastIndexOf('\n', offset - 1) + 1);
	const lead = text.slice(from, offset).search(/[^\s]/);
	const rest = /^[^<\r\n]*/.exec(text.slice(offset))![0].trimEnd();
	return { start: lead < 0 ? offset : from + lead, end: offset + rest.length };
}

function withoutContent(parent: XmlElement, element: XmlElement): string[] {
	return elementsOf(parent)
		.filter((one) => one.start > element.start)
		.map(({ local }) => local);
}

function hasDeclaration(document: DefinitionText): boolean {
	return document.text.trimStart().startsWith('<?xml');
}
