import type { Translate } from '../../base/l10n.ts';
import { parameters } from '../../definition/parameters.ts';
import type { XmlElement } from '../../definition/xml/tree.ts';
import { orderOf, type CompletionItem } from './item.ts';
import type { ValuePlace } from './values.ts';

/** Whether the value of an element or attribute may contain `{PARAMETERS}`. */
export function takesParameters(element: XmlElement, attribute: string | undefined): boolean {
	if (attribute === undefined) return element.local === 'filename_template' || element.local === 'content';
	return attribute === 'subject';
}

/**
 * `{PARAMETERS}` for a file name or mail, with what each stands for.
 * @param t language of what they stand for
 * @param resolve what a parameter is now; undefined when that is not known
 */
export function parameterItems(
	place: ValuePlace,
	t: Translate,
	resolve: (name: string) => string | undefined,
): CompletionItem[] {
	const { text, offset, value } = place;
	const begun = /\{[A-Za-z]*$/.exec(text.slice(value.start, Math.max(offset, value.start)))?.[0] ?? '';
	const rest = begun === '' ? '' : /^[A-Za-z]*\}?/.exec(text.slice(offset, value.end))![0];
	const span = { start: offset - begun.length, end: offset + rest.length };
	return parameters.map(({ name, description }, index) => {
		const now = resolve(name);
		return {
			kind: 'parameter',
			label: `{${name}}`,
			detail: now,
			documentation: description(t),
			span,
			text: `{${name}}`,
			snippet: false,
			filter: `{${name}}`,
			order: orderOf(3, index),
		};
	});
}
