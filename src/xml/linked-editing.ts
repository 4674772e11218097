import type { Span } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import { placeAt } from './place.ts';

/** The names in the start and end tag of the element whose name the offset is in; undefined where there are no two. */
export function linkedNames(document: DefinitionText, offset: number): readonly [Span, Span] | undefined {
	const place = placeAt(document.xml, offset);
	if (place.kind !== 'tag-name' && place.kind !== 'end-tag') return undefined;
	const { element } = place;
	if (element?.closeNameSpan === undefined) return undefined;
	const { nameSpan, closeNameSpan } = element;
	const touches = ({ start, end }: Span): boolean => start <= offset && offset <= end;
	return touches(nameSpan) || touches(closeNameSpan) ? [nameSpan, closeNameSpan] : undefined;
}
