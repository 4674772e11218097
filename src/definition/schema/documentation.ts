import type { Translate } from '../../base/l10n.ts';
import { elementsIn, type ComplexType, type Schema, type SimpleType } from './types.ts';

/** What the schema says about something. Its English texts are keys of translations, like all others. */
export function documentationOf({ documentation }: { readonly documentation: string }, translate: Translate): string {
	return documentation === '' ? '' : translate(documentation);
}

/**
 * Every text of a schema that `documentationOf` can be asked for: of elements, attributes and values, and of types of which
 * not all values are listed.
 */
export function documentationTexts({ root }: Schema): readonly string[] {
	const texts = new Set([root.documentation]);
	const seen = new Set<SimpleType | ComplexType>();
	const visit = (type: SimpleType | ComplexType): void => {
		if (seen.has(type)) return;
		seen.add(type);
		if (type.kind === 'simple') {
			const listed = type.enumeration.length > 0 || type.primitive === 'boolean';
			if (!listed) texts.add(type.documentation);
			for (const { documentation } of type.enumeration) texts.add(documentation);
			if (type.item !== undefined) visit(type.item);
			return;
		}
		for (const { documentation, type: simple } of type.attributes) {
			texts.add(documentation);
			visit(simple);
		}
		for (const { element } of elementsIn(type.content)) {
			texts.add(element.documentation);
			visit(element.type);
		}
	};
	visit(root.type);
	texts.delete('');
	return [...texts];
}
