import type { DefinitionText } from './document.ts';
import { innermost, placeAt } from './place.ts';

/**
 * What closes a tag right after a `>` or a `</` was typed in front of the offset, as a snippet; undefined when nothing
 * is to be closed there.
 */
export function autoClose(document: DefinitionText, offset: number): string | undefined {
	const { text, xml } = document;
	if (text[offset - 1] === '>') {
		const element = innermost(xml, offset);
		const isOpen = element !== undefined && element.openEnd === offset && !element.selfClosing;
		if (!isOpen || element.closeNameSpan !== undefined || element.name === '') return undefined;
		return `$0</${element.name}>`;
	}
	if (text.slice(offset - 2, offset) !== '</') return undefined;
	const place = placeAt(xml, offset);
	if (place.kind !== 'end-tag' || place.element === undefined) return undefined;
	const { closeNameSpan, name } = place.element;
	return closeNameSpan === undefined && name !== '' ? `${name}>` : undefined;
}
