import type { Translate } from '../../base/l10n.ts';
import { documentationOf } from '../../definition/schema/documentation.ts';
import type { ComplexType, ElementParticle } from '../../definition/schema/types.ts';
import type { TextEdit } from '../../definition/xml/edits.ts';
import type { XmlElement } from '../../definition/xml/tree.ts';
import { allowedElements, missingElements, namesIn, type Neighbours } from '../allowed.ts';
import type { DefinitionText } from '../document.ts';
import { SnippetWriter } from '../snippet.ts';
import { orderOf, type CompletionItem } from './item.ts';

/** Where an element is being put in. */
export interface ElementPlace {
	readonly parent: XmlElement;
	readonly type: ComplexType;
	readonly around: Neighbours;
	/** What is replaced, an opening `<` included. */
	readonly span: { readonly start: number; readonly end: number };
	/** Whether `span` begins with a `<`, with which typed text is then compared. */
	readonly bracket: boolean;
	/** A whole element whose name is being edited: its content and end tag stay. */
	readonly renamed: XmlElement | undefined;
}

/** The elements that the schema allows at a place; those that are required and missing come first. */
export function elementItems(document: DefinitionText, place: ElementPlace, t: Translate): CompletionItem[] {
	const names = [...place.around.before, ...place.around.after];
	const missing = missingElements(place.type, names);
	return allowedElements(place.type, place.around).map((particle, index) =>
		elementItem(document, place, particle, orderOf(missing.includes(particle.element.name) ? 2 : 3, index), t),
	);
}

function elementItem(
	document: DefinitionText,
	{ span, bracket, renamed }: ElementPlace,
	{ element, min }: ElementParticle,
	order: string,
	t: Translate,
): CompletionItem {
	const name = document.prefix + element.name;
	const base = {
		kind: 'element',
		label: element.name,
		detail: min > 0 ? t('required') : undefined,
		documentation: documentationOf(element, t),
		span,
		filter: bracket ? `<${name}` : name,
		order,
	} as const;
	if (renamed !== undefined) return { ...base, text: `<${name}`, snippet: false, more: renameEnd(renamed, name) };
	const text = new SnippetWriter(document.prefix).element(element);
	return { ...base, text, snippet: true, suggestNext: /\$\d|\$\{1\|/.test(text) };
}

function renameEnd({ closeNameSpan }: XmlElement, name: string): TextEdit[] {
	return closeNameSpan === undefined ? [] : [{ ...closeNameSpan, text: name }];
}

/** The end tag of the element that is open. */
export function endTagItem(element: XmlElement, span: ElementPlace['span'], lead: '' | '</'): CompletionItem {
	const text = `${lead}${element.name}>`;
	return {
		kind: 'end-tag',
		label: `</${element.name}>`,
		span,
		text,
		snippet: false,
		filter: lead === '' ? element.name : `<${text}`,
		order: orderOf(namesIn(element.children).length > 0 ? 1 : 8, 0),
	};
}
