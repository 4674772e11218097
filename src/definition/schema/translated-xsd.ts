import type { Translate } from '../../base/l10n.ts';
import { decodeReferences, encodeText } from '../xml/characters.ts';
import { definitionXsd } from './xsd.ts';

/**
 * The XSD with its documentation in another language, for editors that show it by themselves. It has one language, as
 * LemMinX shows all texts of an annotation one behind the other, whatever their xml:lang.
 */
export function translatedXsd(translate: Translate): string {
	return definitionXsd.replace(
		/(<xs:documentation>)([^<]*)/g,
		(_, tag: string, text: string) => tag + encodeText(translate(decodeReferences(text))),
	);
}
