import { english, type Translate } from '../base/l10n.ts';
import type { TextEdit } from '../definition/xml/edits.ts';
import type { Span } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import { placeAt } from './place.ts';

/** The tag name at an offset, which can be renamed. */
export function renameableAt(document: DefinitionText, offset: number): Span | undefined {
	const place = placeAt(document.xml, offset);
	if (place.kind === 'tag-name' && offset >= place.element.nameSpan.start) return place.element.nameSpan;
	if (place.kind === 'end-tag' && place.element?.closeNameSpan === place.typed) return place.typed;
	return undefined;
}

/** A name that an element can have; undefined when it is one, else why not. */
export function objectionToName(name: string, t: Translate = english): string | undefined {
	if (/^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/.test(name)) return undefined;
	return t('A name begins with a letter or _ and goes on with letters, digits, _, - and points.');
}

/** Edits that rename the element at an offset in both its tags; empty when there is none. */
export function renameAt(document: DefinitionText, offset: number, name: string): TextEdit[] {
	const place = placeAt(document.xml, offset);
	if (place.kind !== 'tag-name' && place.kind !== 'end-tag') return [];
	const { element } = place;
	if (element === undefined) return [];
	const spans = [element.nameSpan, ...(element.closeNameSpan === undefined ? [] : [element.closeNameSpan])];
	return spans.map(({ start, end }) => ({ start, end, text: name }));
}
