import { blocks, blockText } from '../blocks.ts';
import { allowedElements } from '../allowed.ts';
import type { DefinitionText } from '../document.ts';
import type { ElementPlace } from './elements.ts';
import { orderOf, type CompletionItem } from './item.ts';

/** Whole blocks whose elements are all allowed at the place. */
export function blockItems(document: DefinitionText, place: ElementPlace): CompletionItem[] {
	const { parent, around, type, span, bracket } = place;
	const allowed = allowedElements(type, around).map(({ element }) => element.name);
	return blocks
		.filter((block) => block.parent === parent.local && allowed.includes(/^<(\w+)/.exec(block.lines[0]!)![1]!))
		.map((block, index) => ({
			kind: 'block',
			label: block.title,
			documentation: block.description,
			span,
			text: blockText(block, document.prefix),
			snippet: true,
			filter: `${bracket ? '<' : ''}${block.title}`,
			order: orderOf(4, index),
		}));
}

/** A whole definition, for a document without a root. */
export function documentItems(span: ElementPlace['span'], bracket: boolean, hasDeclaration: boolean): CompletionItem[] {
	return blocks
		.filter((block) => block.parent === undefined)
		.map((block, index) => ({
			kind: 'block',
			label: block.title,
			documentation: block.description,
			span,
			text: blockText(hasDeclaration ? { ...block, lines: block.lines.slice(1) } : block),
			snippet: true,
			filter: `${bracket ? '<' : ''}${block.title}`,
			order: orderOf(1, index),
		}));
}
