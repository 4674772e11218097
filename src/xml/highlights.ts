import { findParameters } from '../definition/parameters.ts';
import type { Span } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import { linkedNames } from './linked-editing.ts';

/** What belongs to the thing at an offset: both tags of an element, or every place where a parameter is used. */
export function highlights(document: DefinitionText, offset: number): readonly Span[] {
	const tags = linkedNames(document, offset);
	if (tags !== undefined) return tags;
	const all = findParameters(document.text);
	const here = all.find(({ start, end, parameter }) => parameter !== undefined && start <= offset && offset <= end);
	return here === undefined ? [] : all.filter(({ name }) => name === here.name);
}
