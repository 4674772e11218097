import { defaultDefinition } from '../../definition/defaults.ts';
import type { Translate } from '../../base/l10n.ts';
import { applyTemplate, planTemplates, type PlanTemplate } from '../../definition/plan/templates.ts';
import { definitionTree } from '../../definition/tree.ts';
import { writeElement, type PlainElement } from '../../definition/xml/write.ts';
import { allowedElements } from '../allowed.ts';
import type { DefinitionText } from '../document.ts';
import type { ElementPlace } from './elements.ts';
import { orderOf, type CompletionItem } from './item.ts';

/** The templates of plans: their schedules and retention rules, where a definition has neither yet. */
export function planItems(document: DefinitionText, place: ElementPlace, t: Translate): CompletionItem[] {
	if (place.parent.parent !== undefined) return [];
	const allowed = allowedElements(place.type, place.around).map(({ element }) => element.name);
	return planTemplates.flatMap((template, index) => {
		const parts = partsOf(template);
		if (!parts.every(({ name }) => allowed.includes(name))) return [];
		const label = t('plan: {0}', template.title(t));
		return {
			kind: 'block' as const,
			label,
			documentation: template.summary(t),
			span: place.span,
			text: parts.map((part) => writeElement(prefixed(part, document.prefix))).join('\n'),
			snippet: false,
			filter: `${place.bracket ? '<' : ''}${label}`,
			order: orderOf(4, 100 + index),
		};
	});
}

/** The `scheduling` and `disk_space_management` elements of a template, as far as they say something. */
function partsOf({ id }: PlanTemplate): PlainElement[] {
	const { children } = definitionTree(applyTemplate(defaultDefinition(), id));
	return children.filter(({ name }) => name === 'scheduling' || name === 'disk_space_management');
}

function prefixed(element: PlainElement, prefix: string): PlainElement {
	const children = element.children.map((child) => prefixed(child, prefix));
	return { ...element, name: prefix + element.name, children };
}
