import type { Translate } from '../../base/l10n.ts';
import { definitionSchema } from '../../definition/schema/definition-schema.ts';
import { childOf, elementsIn } from '../../definition/schema/types.ts';
import type { DefinitionProblem } from '../../definition/problem.ts';
import { encodeAttribute, encodeText, textOf } from '../../definition/xml/characters.ts';
import { removeElement } from '../../definition/xml/edits.ts';
import { attributeOf, elementsOf, isElement, type XmlElement } from '../../definition/xml/tree.ts';
import type { DefinitionText } from '../document.ts';
import { innermost } from '../place.ts';
import { addElement, likelyElement, likelyText, removeAttribute, renameElement, setAttribute } from './change.ts';
import { nearest } from '../../base/edit-distance.ts';
import { fix, preferred, type QuickFix } from './fix.ts';
import { meantValues } from './values.ts';

type Fixer = (document: DefinitionText, problem: DefinitionProblem, element: XmlElement, t: Translate) => QuickFix[];

/** Ways to mend what the schema objects to. */
export function schemaFixes(document: DefinitionText, problem: DefinitionProblem, t: Translate): QuickFix[] {
	const element = innermost(document.xml, problem.start + (document.text[problem.start] === '<' ? 1 : 0));
	const fixer = fixers[problem.code];
	return element === undefined || fixer === undefined ? [] : fixer(document, problem, element, t);
}

const fixers: Readonly<Record<string, Fixer>> = {
	'schema-root'(_, __, element, t) {
		const { root, namespace } = definitionSchema();
		const edits = element.local === root.name ? [] : renameElement(element, root.name);
		const prefix = element.name.slice(0, Math.max(0, element.name.indexOf(':')));
		const declaration = element.local === root.name && prefix !== '' ? `xmlns:${prefix}` : 'xmlns';
		return [
			preferred(
				t('Make it a backup definition'),
				...edits,
				...(element.namespace === namespace && edits.length === 0
					? []
					: [setAttribute(element, declaration, namespace)]),
			),
		];
	},

	'schema-unknown-attribute'(document, problem, element, t) {
		const attribute = element.attributes.find(({ nameSpan }) => nameSpan.start === problem.start);
		if (attribute === undefined) return [];
		const free = (problem.data?.expected ?? []).filter((name) => attributeOf(element, name) === undefined);
		const renames = nearest(attribute.name, free).map((name, index) => ({
			...fix(t('Rename to {0}', name), { ...attribute.nameSpan, text: name }),
			preferred: index === 0,
		}));
		return [...renames, fix(t('Remove {0}', attribute.name), removeAttribute(document, attribute))];
	},

	'schema-missing-attribute'(document, problem, element, t) {
		const name = problem.data?.name ?? '';
		const declaration = document.attributeDeclaration(element, name);
		if (declaration === undefined) return [];
		const value = likelyText(name, declaration.type, declaration.defaultValue);
		return [preferred(t('Add the attribute {0}', name), setAttribute(element, name, value))];
	},

	'schema-value'(document, problem, element, t) {
		const attribute = element.attributes.find(
			({ start, end, valueSpan }) => problem.start >= (valueSpan?.start ?? start) && problem.end <= end,
		);
		return attribute === undefined
			? contentFixes(document, element, t)
			: attributeFixes(document, element, attribute.name, t);
	},

	'schema-unknown-element'(document, problem, element, t) {
		const { parent } = element;
		const names = problem.data?.expected ?? [];
		const renames = nearest(element.local, names).map((name, index) => ({
			...fix(t('Rename to {0}', name), ...renameElement(element, document.prefix + name)),
			preferred: index === 0,
		}));
		const remove = fix(t('Remove {0}', element.name), removeElement(document.xml, element));
		return parent === undefined ? renames : [...renames, ...attributeInstead(document, element, parent, t), remove];
	},

	'schema-unexpected-element'(document, _, element, t) {
		const { parent } = element;
		if (parent === undefined) return [];
		const remove = fix(t('Remove this {0}', element.name), removeElement(document.xml, element));
		const sorted = sortChildren(document, parent, t);
		return sorted === undefined ? [{ ...remove, preferred: true }] : [sorted, remove];
	},

	'schema-missing-element'(document, problem, element, t) {
		const type = document.declarationOf(element)?.type;
		if (type?.kind !== 'complex') return [];
		return (problem.data?.expected ?? []).flatMap((name, index) => {
			const declaration = childOf(type, name);
			if (declaration === undefined) return [];
			const edit = addElement(document, element, likelyElement(declaration));
			return { ...fix(t('Add the element {0}', name), edit), preferred: index === 0 };
		});
	},

	'schema-text'(document, problem, _, t) {
		const { start, end } = problem;
		const text = document.text.slice(start, end);
		const comment = fix(t('Make it a comment'), { start, end, text: `<!-- ${text.replace(/--+/g, '-')} -->` });
		return [preferred(t('Remove the text'), { start, end, text: '' }), ...(text.startsWith('<') ? [] : [comment])];
	},
};

function attributeFixes(document: DefinitionText, element: XmlElement, name: string, t: Translate): QuickFix[] {
	const attribute = attributeOf(element, name);
	const declaration = document.attributeDeclaration(element, name);
	if (attribute === undefined || declaration === undefined) return [];
	const values = meantValues(declaration.type, attribute.value ?? '', declaration.defaultValue);
	const fixes = values.map((value, index) => ({
		...fix(t('Change to {0}', encodeAttribute(value)), setAttribute(element, name, value)),
		preferred: index === 0,
	}));
	if (declaration.required) return fixes;
	return [...fixes, fix(t('Remove {0}', name), removeAttribute(document, attribute))];
}

function contentFixes(document: DefinitionText, element: XmlElement, t: Translate): QuickFix[] {
	const declaration = document.declarationOf(element);
	if (declaration?.type.kind !== 'simple') return [];
	const text = textOf(element, document.text);
	const fixes = meantValues(declaration.type, text, declaration.defaultValue).map((value, index) => ({
		...fix(t('Change to {0}', value), replaceContent(element, encodeText(value))),
		preferred: index === 0,
	}));
	const parent = element.parent && document.declarationOf(element.parent)?.type;
	const particles = parent?.kind === 'complex' ? elementsIn(parent.content) : [];
	const optional = particles.some((one) => one.element.name === element.local && one.min === 0);
	return optional ? [...fixes, fix(t('Remove {0}', element.name), removeElement(document.xml, element))] : fixes;
}

function replaceContent(element: XmlElement, text: string): { start: number; end: number; text: string } {
	if (!element.selfClosing) return { start: element.openEnd, end: element.closeStart, text };
	return { start: element.openEnd - 2, end: element.openEnd, text: `>${text}</${element.name}>` };
}

/** Where an element stands for what is an attribute here. */
function attributeInstead(document: DefinitionText, element: XmlElement, parent: XmlElement, t: Translate): QuickFix[] {
	const simple = elementsOf(element).length === 0 && element.attributes.length === 0;
	const known = document.attributeDeclaration(parent, element.local) !== undefined;
	if (!simple || !known || attributeOf(parent, element.local) !== undefined) return [];
	const value = textOf(element, document.text).trim();
	const edits = [setAttribute(parent, element.local, value), removeElement(document.xml, element)];
	return [preferred(t('Make it an attribute of {0}', parent.name), ...edits)];
}

/** Puts the children into the order of the schema, each with the white space and comments in front of it. */
function sortChildren(document: DefinitionText, parent: XmlElement, t: Translate): QuickFix | undefined {
	const type = document.declarationOf(parent)?.type;
	if (type?.kind !== 'complex' || type.content?.kind !== 'sequence') return undefined;
	const order = elementsIn(type.content).map(({ element }) => element.name);
	const children = elementsOf(parent);
	const ranks = children.map(({ local }) => order.indexOf(local));
	const inOrder = ranks.every((rank, index) => index === 0 || ranks[index - 1]! <= rank);
	if (inOrder || ranks.includes(-1) || parent.children.some(({ kind }) => kind === 'cdata')) return undefined;
	const from = parent.children.find(isElement)!.start;
	const pieces = children.map((child, index) => ({
		text: document.text.slice(child.start, child.end),
		gap: index === 0 ? '' : document.text.slice(children[index - 1]!.end, child.start),
		rank: ranks[index]!,
	}));
	const sorted = [...pieces].sort((a, b) => a.rank - b.rank);
	const text = sorted.map((piece, index) => (index === 0 ? '' : pieces[index]!.gap) + piece.text).join('');
	return preferred(t('Put the elements in order'), { start: from, end: children.at(-1)!.end, text });
}
