import { AfterimageError } from '../base/errors.ts';
import type { BackupDefinition } from './model.ts';
import { isTiming, sameMeaning } from './names.ts';
import { readDefinition } from './read.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import { elementsIn, type ComplexType, type ElementDeclaration, type ElementParticle } from './schema/types.ts';
import { definitionTree } from './tree.ts';
import { encodeAttribute, encodeText } from './xml/characters.ts';
import { fillElement, insertElement, layoutOf, removeElement, type TextEdit } from './xml/edits.ts';
import { parseXml } from './xml/parse.ts';
import { attributeOf, elementsOf, type XmlDocument, type XmlElement } from './xml/tree.ts';
import { writeElement, type Layout, type PlainElement } from './xml/write.ts';

/**
 * The smallest edits that make a document say what `definition` says. Comments, order, formatting, ways of writing a
 * value and defaults that are spelt out stay as they are wherever the meaning does not change.
 * @throws AfterimageError `invalid-definition` when the text is not well-formed or no backup definition
 */
export function changeDefinition(text: string, definition: BackupDefinition): TextEdit[] {
	const document = parseXml(text);
	const { root } = definitionSchema();
	const [problem] = document.problems;
	if (problem !== undefined || document.root?.local !== root.name) {
		throw new AfterimageError('invalid-definition', problem?.message ?? 'The root is no backup definition.', {
			advice: 'Correct the text first.',
		});
	}
	const have = definitionTree(readDefinition(document).definition);
	const changer = new Changer(document);
	changer.complex(document.root, have, definitionTree(definition), root.type as ComplexType);
	return changer.edits.sort((a, b) => a.start - b.start);
}

class Changer {
	readonly edits: TextEdit[] = [];
	readonly #document: XmlDocument;
	readonly #layout: Layout;
	/** Prefix of the namespace with its colon, empty where it is the default namespace. */
	readonly #prefix: string;

	constructor(document: XmlDocument) {
		this.#document = document;
		this.#layout = layoutOf(document);
		this.#prefix = document.root!.name.slice(0, -document.root!.local.length);
	}

	/** @param have what the element says now, in the canonical form of `want` */
	complex(element: XmlElement, have: PlainElement, want: PlainElement, type: ComplexType): void {
		if (same(have, want)) return;
		this.#attributes(element, want, type);
		if (type.content === undefined) return;
		if (elementsOf(element).length === 0) {
			if (want.children.length > 0) {
				const children = want.children.map((child) => this.#prefixed(child));
				this.edits.push(fillElement(this.#document, element, children, this.#layout));
			}
			return;
		}
		if (isTiming(type)) this.#timing(element, have, want, type);
		else this.#children(element, have, want, type);
	}

	#attributes(element: XmlElement, want: PlainElement, type: ComplexType): void {
		const insertAt = element.attributes.at(-1)?.end ?? element.nameSpan.end;
		for (const { name, type: simple, defaultValue } of type.attributes) {
			const wanted = want.attributes.find(([attribute]) => attribute === name)?.[1];
			const found = attributeOf(element, name);
			if (found === undefined) {
				if (wanted !== undefined) this.#replace(insertAt, insertAt, ` ${name}="${encodeAttribute(wanted)}"`);
				continue;
			}
			const target = wanted ?? defaultValue;
			if (target !== undefined && sameMeaning(simple, found.value ?? '', target)) continue;
			if (wanted !== undefined) {
				const quoted = encodeAttribute(wanted).replace(/'/g, '&apos;');
				this.#replace(found.valueSpan!.start, found.valueSpan!.end, quoted);
			} else {
				const lead = /\s*$/.exec(this.#document.text.slice(0, found.start))![0].length;
				this.#replace(found.start - lead, found.end, '');
			}
		}
	}

	#timing(element: XmlElement, have: PlainElement, want: PlainElement, type: ComplexType): void {
		const found = elementsOf(element).find((child) => child.local === have.children[0]?.name);
		const wanted = want.children[0]!;
		if (found === undefined) return;
		if (found.local === wanted.name) {
			const { element: declaration } = elementsIn(type.content).find((one) => one.element.name === wanted.name)!;
			this.complex(found, have.children[0]!, wanted, declaration.type as ComplexType);
		} else {
			this.#replace(found.start, found.end, writeElement(this.#prefixed(wanted), this.#layout));
		}
	}

	#children(element: XmlElement, have: PlainElement, want: PlainElement, type: ComplexType): void {
		const particles = elementsIn(type.content);
		const repeats = type.content?.max === Infinity;
		let last: XmlElement | undefined;
		for (const particle of particles) {
			const { name } = particle.element;
			const found = elementsOf(element).filter((child) => child.local === name);
			const haves = have.children.filter((child) => child.name === name);
			const wants = want.children.filter((child) => child.name === name);
			if (repeats || particle.max > 1) this.#list(element, particle, found, haves, wants, last);
			else this.#single(element, particle.element, found[0], haves[0], wants[0], last);
			last = found.at(-1) ?? last;
		}
	}

	#single(
		parent: XmlElement,
		declaration: ElementDeclaration,
		found: XmlElement | undefined,
		have: PlainElement | undefined,
		want: PlainElement | undefined,
		after: XmlElement | undefined,
	): void {
		if (found === undefined) {
			if (want !== undefined) this.#insert(parent, after, want);
		} else if (want === undefined) {
			// What says nothing is a default that is spelt out; it stays.
			if (have !== undefined) this.edits.push(removeElement(this.#document, found));
		} else {
			this.#change(found, have, want, declaration);
		}
	}

	#list(
		parent: XmlElement,
		particle: ElementParticle,
		found: readonly XmlElement[],
		have: readonly PlainElement[],
		want: readonly PlainElement[],
		after: XmlElement | undefined,
	): void {
		let head = 0;
		while (head < Math.min(have.length, want.length) && same(have[head]!, want[head]!)) head++;
		let tail = 0;
		const most = Math.min(have.length, want.length) - head;
		while (tail < most && same(have[have.length - 1 - tail]!, want[want.length - 1 - tail]!)) tail++;
		const middle = found.slice(head, found.length - tail);
		const wanted = want.slice(head, want.length - tail);
		for (const [index, element] of middle.entries()) {
			const next = wanted[index];
			if (next === undefined) this.edits.push(removeElement(this.#document, element));
			else this.#change(element, have[head + index], next, particle.element);
		}
		const last = middle.at(-1) ?? found[head - 1] ?? after;
		for (const more of wanted.slice(middle.length)) this.#insert(parent, last, more);
	}

	#change(element: XmlElement, have: PlainElement | undefined, want: PlainElement, { type }: ElementDeclaration): void {
		if (type.kind === 'complex') {
			this.complex(element, have ?? { ...want, attributes: [], children: [] }, want, type);
		} else if (have === undefined || have.text !== want.text) {
			const text = encodeText(want.text!).replaceAll('\n', this.#layout.lineEnd);
			if (element.selfClosing) {
				const tag = this.#document.text.slice(element.start, element.openEnd).replace(/\s*\/>$/, '');
				this.#replace(element.start + tag.length, element.end, `>${text}</${element.name}>`);
			} else {
				this.#replace(element.openEnd, element.closeStart, text);
			}
		}
	}

	#insert(parent: XmlElement, after: XmlElement | undefined, element: PlainElement): void {
		this.edits.push(insertElement(this.#document, parent, after, this.#prefixed(element), this.#layout));
	}

	#replace(start: number, end: number, text: string): void {
		this.edits.push({ start, end, text });
	}

	#prefixed(element: PlainElement): PlainElement {
		if (this.#prefix === '') return element;
		const children = element.children.map((child) => this.#prefixed(child));
		return { ...element, name: this.#prefix + element.name, children };
	}
}

/** Whether two canonical trees are equal. */
function same(a: PlainElement, b: PlainElement): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
