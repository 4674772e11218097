import { blocks, blockText, type Block } from '../blocks.ts';
import { english, type Translate } from '../../base/l10n.ts';
import { allowedElements } from '../allowed.ts';
import type { DefinitionText } from '../document.ts';
import type { ElementPlace } from './elements.ts';
import { orderOf, type CompletionItem } from './item.ts';

/** Whole blocks whose elements are all allowed at the place. */
export function blockItems(document: DefinitionText, place: ElementPlace, t: Translate): CompletionItem[] {
	const { parent, around, type, span, bracket } = place;
	const allowed = allowedElements(type, around).map(({ element }) => element.name);
	return blocks
		.filter((block) => block.parent === parent.local && allowed.includes(/^<(\w+)/.exec(block.lines[0]!)![1]!))
		.map((block, index) => ({
			kind: 'block',
			label: block.title(t),
			documentation: block.description(t),
			span,
			text: blockText(block, document.prefix),
			snippet: true,
			filter: `${bracket ? '<' : ''}${typedFor(block, t)}`,
			order: orderOf(4, index),
		}));
}

/** A whole definition, for a document without a root. */
export function documentItems(
	span: ElementPlace['span'],
	bracket: boolean,
	hasDeclaration: boolean,
	t: Translate,
): CompletionItem[] {
	return blocks
		.filter((block) => block.parent === undefined)
		.map((block, index) => ({
			kind: 'block',
			label: block.title(t),
			documentation: block.description(t),
			span,
			text: blockText(hasDeclaration ? { ...block, lines: block.lines.slice(1) } : block),
			snippet: true,
			filter: `${bracket ? '<' : ''}${typedFor(block, t)}`,
			order: orderOf(1, index),
		}));
}

/** Whoever knows a block by its English title finds it in another language too. */
function typedFor({ title }: Block, t: Translate): string {
	return [...new Set([title(t), title(english)])].join(' ');
}
