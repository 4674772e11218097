import type { Translate } from '../../base/l10n.ts';
import { documentationOf } from '../../definition/schema/documentation.ts';
import { attributeOf, type Span, type XmlAttribute, type XmlElement } from '../../definition/xml/tree.ts';
import type { DefinitionText } from '../document.ts';
import { choicesOf, SnippetWriter } from '../snippet.ts';
import { orderOf, type CompletionItem } from './item.ts';

/**
 * The attributes that an element may still get.
 * @param attribute the one whose name is being edited
 */
export function attributeItems(
	document: DefinitionText,
	element: XmlElement,
	attribute: XmlAttribute | undefined,
	span: Span,
	t: Translate,
): CompletionItem[] {
	const type = document.declarationOf(element)?.type;
	if (type?.kind !== 'complex') return [];
	const free = type.attributes.filter(
		({ name }) => name === attribute?.name || attributeOf(element, name) === undefined,
	);
	const touching = attribute === undefined && /[\w"'=<]/.test(document.text[span.end] ?? '') ? ' ' : '';
	const lead = /["']/.test(document.text[span.start - 1] ?? '') ? ' ' : '';
	return free.map((declaration, index) => {
		const withValue = attribute?.value === undefined;
		const text = withValue ? new SnippetWriter('').attribute(declaration) + touching : declaration.name;
		return {
			kind: 'attribute',
			label: declaration.name,
			detail: declaration.required ? t('required') : declaration.defaultValue,
			documentation: documentationOf(declaration, t),
			span,
			text: lead + text,
			snippet: withValue,
			filter: declaration.name,
			order: orderOf(declaration.required ? 2 : 3, index),
			suggestNext: withValue && choicesOf(declaration.type).length === 0,
		};
	});
}
