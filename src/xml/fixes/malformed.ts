import type { Translate } from '../../base/l10n.ts';
import type { DefinitionProblem } from '../../definition/problem.ts';
import type { XmlElement } from '../../definition/xml/tree.ts';
import type { DefinitionText } from '../document.ts';
import { innermost } from '../place.ts';
import { fix, preferred, type QuickFix } from './fix.ts';

/** Ways to mend text that is no well-formed XML, told from what stands where the problem is. */
export function malformedFixes(
	document: DefinitionText,
	{ code, start, end }: DefinitionProblem,
	t: Translate,
): QuickFix[] {
	const { text } = document;
	if (code === 'xml-doctype') return [preferred(t('Remove the document type declaration'), { start, end, text: '' })];
	if (code !== 'xml-malformed') return [];
	if (text.startsWith('</', start)) return strayEndTag(document, start, end, t);
	const element = innermost(document.xml, Math.min(start + 1, text.length));
	if (text[start] === '&') return [preferred(t('Write &amp; for &'), { start, end: start + 1, text: '&amp;' })];
	if (text[start] === '<' && element?.start === start) return unfinished(document, element, t);
	if (text[start] === '<') return [preferred(t('Write &lt; for <'), { start, end: start + 1, text: '&lt;' })];
	return element === undefined ? [] : attributeFixes(document, element, start, t);
}

function unfinished(document: DefinitionText, element: XmlElement, t: Translate): QuickFix[] {
	const { text } = document;
	const { openEnd, name, start } = element;
	if (name === '') return [preferred(t('Write &lt; for <'), { start, end: start + 1, text: '&lt;' })];
	if (text[openEnd - 1] !== '>') {
		const at = start + text.slice(start, openEnd).trimEnd().length;
		return [
			preferred(t('Close the tag with />'), { start: at, end: at, text: '/>' }),
			fix(t('Close the tag with >'), { start: at, end: at, text: `></${name}>` }),
		];
	}
	if (element.closeNameSpan !== undefined || element.selfClosing) return [];
	const bare = element.attributes.find(({ valueSpan }) => valueSpan && !/["']/.test(text[valueSpan.start - 1] ?? ''));
	if (bare !== undefined) return attributeFixes(document, element, bare.start, t);
	const from = element.closeStart;
	const content = element.children.at(-1)?.end ?? openEnd;
	const wrong = /<\/[^\s<>]*\s*>/.exec(text.slice(content, from));
	if (wrong !== null) {
		const at = content + wrong.index;
		return [preferred(t('Change to {0}', `</${name}>`), { start: at, end: at + wrong[0].length, text: `</${name}>` })];
	}
	const at = start + text.slice(start, from).trimEnd().length;
	const fixes = [preferred(t('Add {0}', `</${name}>`), { start: at, end: at, text: `</${name}>` })];
	if (element.children.every(({ kind }) => kind === 'text') && text.slice(openEnd, from).trim() === '') {
		fixes.push(fix(t('Close the tag with />'), { start: openEnd - 1, end: openEnd, text: '/>' }));
	}
	return fixes;
}

function strayEndTag({ text, xml }: DefinitionText, start: number, end: number, t: Translate): QuickFix[] {
	const open = innermost(xml, start);
	if (!text.slice(start, end).endsWith('>')) {
		return [preferred(t('Close the end tag with >'), { start: end, end, text: '>' })];
	}
	const remove = fix(t('Remove the end tag'), { start, end, text: '' });
	if (open === undefined || open.closeNameSpan !== undefined) return [{ ...remove, preferred: true }];
	return [preferred(t('Change to {0}', `</${open.name}>`), { start, end, text: `</${open.name}>` }), remove];
}

function attributeFixes({ text }: DefinitionText, element: XmlElement, at: number, t: Translate): QuickFix[] {
	const index = element.attributes.findIndex(({ start, end }) => start <= at && at <= end);
	const attribute = element.attributes[index];
	if (attribute === undefined) return [];
	const { name, nameSpan, valueSpan, start, end } = attribute;
	if (valueSpan === undefined) {
		return [preferred(t('Add a value'), { start: nameSpan.end, end: attribute.end, text: '=""' })];
	}
	const quoted = /["']/.test(text[valueSpan.start - 1] ?? '');
	if (!quoted) {
		// A slash in front of the > has been taken for a part of the value.
		const value = text.slice(valueSpan.start, valueSpan.end);
		const slash = value.endsWith('/') && text[valueSpan.end] === '>' ? '/' : '';
		const plain = slash === '' ? value : value.slice(0, -1);
		return [preferred(t('Put the value in quotes'), { ...valueSpan, text: `"${plain}"${slash}` })];
	}
	if (!/["']/.test(text[valueSpan.end] ?? '')) {
		const quote = text[valueSpan.start - 1]!;
		return [preferred(t('Close the quote'), { start: valueSpan.end, end: valueSpan.end, text: quote })];
	}
	if (element.attributes.findIndex((one) => one.name === name) < index) {
		const lead = /\s*$/.exec(text.slice(0, start))![0].length;
		return [preferred(t('Remove the second {0}', name), { start: start - lead, end, text: '' })];
	}
	return [];
}
