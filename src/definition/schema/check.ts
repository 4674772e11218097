import { worded, type Wording } from '../../base/l10n.ts';
import type { DefinitionProblem, ProblemData } from '../problem.ts';
import { textOf } from '../xml/characters.ts';
import { attributeOf, elementsOf, type Span, type XmlDocument, type XmlElement } from '../xml/tree.ts';
import { matchContent } from './content.ts';
import { elementsIn, type ComplexType, type ElementDeclaration, type Schema, type SimpleType } from './types.ts';
import { objection } from './values.ts';

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

/** Checks a well-formed document against the schema, as any XML Schema processor would; problems in document order. */
export function checkSchema(document: XmlDocument, schema: Schema): DefinitionProblem[] {
	const { root } = document;
	if (root === undefined) return [];
	const checker = new Checker(document.text, schema.namespace);
	if (root.local !== schema.root.name || root.namespace !== schema.namespace) {
		const wanted = `<${schema.root.name} xmlns="${schema.namespace}">`;
		checker.report('schema-root', root.nameSpan, (t) => t('The root of a backup definition is {0}.', wanted), {
			name: root.name,
			expected: [schema.root.name],
		});
	} else {
		checker.element(root, schema.root);
	}
	return checker.problems.sort((a, b) => a.start - b.start);
}

class Checker {
	readonly problems: DefinitionProblem[] = [];
	readonly #text: string;
	readonly #namespace: string;

	constructor(text: string, namespace: string) {
		this.#text = text;
		this.#namespace = namespace;
	}

	report(code: string, { start, end }: Span, wording: Wording, data?: ProblemData): void {
		this.problems.push({ code, severity: 'error', start, end, ...worded(wording), data });
	}

	element(element: XmlElement, declaration: ElementDeclaration): void {
		const { type } = declaration;
		this.#attributes(element, type.kind === 'complex' ? type : undefined);
		if (type.kind === 'complex') this.#complex(element, type);
		else this.#simple(element, type, declaration.defaultValue);
	}

	#attributes(element: XmlElement, type: ComplexType | undefined): void {
		for (const attribute of element.attributes) {
			if (attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:') || isXsi(element, attribute.name)) continue;
			const declaration = type?.attributes.find(({ name }) => name === attribute.name);
			if (declaration === undefined) {
				const expected = (type?.attributes ?? []).map(({ name }) => name);
				this.report(
					'schema-unknown-attribute',
					attribute.nameSpan,
					(t) =>
						expected.length === 0
							? t('{0} has no attribute {1}; it has no attributes.', element.name, attribute.name)
							: t('{0} has no attribute {1}; it has {2}.', element.name, attribute.name, expected.join(', ')),
					{ name: attribute.name, expected },
				);
				continue;
			}
			const wrong = objection(declaration.type, attribute.value ?? '', attribute.name);
			if (wrong !== undefined) {
				this.report('schema-value', attribute.valueSpan ?? attribute, wrong, valueData(attribute.name, declaration.type));
			}
		}
		for (const { name, required } of type?.attributes ?? []) {
			if (required && attributeOf(element, name) === undefined) {
				const words: Wording = (t) => t('{0} needs the attribute {1}.', element.name, name);
				this.report('schema-missing-attribute', element.nameSpan, words, { name, expected: [name] });
			}
		}
	}

	#simple(element: XmlElement, type: SimpleType, defaultValue: string | undefined): void {
		const [child] = elementsOf(element);
		if (child !== undefined) {
			const words: Wording = (t) => t('{0} holds a value and no elements.', element.name);
			this.report('schema-unknown-element', child.nameSpan, words, { name: child.name, expected: [] });
			return;
		}
		const text = textOf(element, this.#text);
		const wrong = objection(type, text === '' && defaultValue !== undefined ? defaultValue : text, element.name);
		if (wrong === undefined) return;
		const span = element.openEnd === element.closeStart ? element.nameSpan : { start: element.openEnd, end: element.closeStart };
		this.report('schema-value', span, wrong, valueData(element.name, type));
	}

	#complex(element: XmlElement, type: ComplexType): void {
		for (const node of element.children) {
			if (node.kind !== 'text' && node.kind !== 'cdata') continue;
			const raw = this.#text.slice(node.start, node.end);
			if (node.kind === 'cdata' || /[^ \t\r\n]/.test(raw)) {
				const start = node.start + Math.max(0, raw.search(/[^ \t\r\n]/));
				const words: Wording = (t) => t('{0} may hold no text of its own.', element.name);
				this.report('schema-text', { start, end: node.start + raw.trimEnd().length }, words, { name: element.name });
			}
		}
		const known: { element: XmlElement; declaration: ElementDeclaration }[] = [];
		const particles = elementsIn(type.content);
		for (const child of elementsOf(element)) {
			const declaration = particles.find((particle) => particle.element.name === child.local)?.element;
			if (declaration !== undefined && child.namespace === this.#namespace) {
				known.push({ element: child, declaration });
				this.element(child, declaration);
				continue;
			}
			const expected = particles.map((particle) => particle.element.name);
			const words: Wording = (t) =>
				expected.length === 0
					? t('{0} has no element {1}; it holds no elements.', element.name, child.name)
					: t('{0} has no element {1}; it may hold {2}.', element.name, child.name, expected.join(', '));
			this.report('schema-unknown-element', child.nameSpan, words, { name: child.name, expected });
		}
		if (type.content === undefined) return;
		const result = matchContent(
			type.content,
			known.map(({ declaration }) => declaration.name),
		);
		if (result.unexpected !== undefined) {
			const { element: child } = known[result.unexpected]!;
			const words: Wording = (t) =>
				t('{0} is not allowed at this place in {1}: {2}.', child.name, element.name, result.reason(t));
			this.report('schema-unexpected-element', child.nameSpan, words, { name: child.name, expected: result.expected });
		}
		for (const names of result.missing) {
			const words: Wording = (t) =>
				names.length === 1
					? t('{0} needs the element {1}.', element.name, names[0]!)
					: t('{0} needs one of {1}.', element.name, names.join(', '));
			this.report('schema-missing-element', element.nameSpan, words, { name: names[0]!, expected: names });
		}
	}
}

function valueData(name: string, type: SimpleType): ProblemData {
	const values = (type.item ?? type).enumeration.map(({ value }) => value);
	return { name, expected: type.primitive === 'boolean' ? ['true', 'false'] : values };
}

/** `xsi:schemaLocation` and its kin, which every document may have. */
function isXsi(element: XmlElement, name: string): boolean {
	if (!name.includes(':')) return false;
	const [prefix, local] = name.split(':');
	if (local !== 'schemaLocation' && local !== 'noNamespaceSchemaLocation') return false;
	for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
		const declared = attributeOf(at, `xmlns:${prefix}`);
		if (declared !== undefined) return declared.value === xsi;
	}
	return false;
}
