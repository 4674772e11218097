import { encodeAttribute, encodeText } from '../definition/xml/characters.ts';
import {
	elementsIn,
	type AttributeDeclaration,
	type ElementDeclaration,
	type Group,
	type SimpleType,
} from '../definition/schema/types.ts';

/**
 * Snippets in the syntax of editors: `${1:default}`, `${1|one,other|}`, `$0` where the cursor ends. Lines are indented
 * by tabs, which the editor turns into what the document uses.
 */
export class SnippetWriter {
	readonly #prefix: string;
	#stops = 0;
	#last = false;

	/** @param prefix of our namespace, with its colon */
	constructor(prefix: string) {
		this.#prefix = prefix;
	}

	/** An element with all that it needs. */
	element(declaration: ElementDeclaration, margin = ''): string {
		const { type } = declaration;
		const name = this.#prefix + declaration.name;
		if (type.kind === 'simple') return `<${name}>${this.value(type, declaration.defaultValue)}</${name}>`;
		const attributes = type.attributes.filter(({ required }) => required).map((one) => ` ${this.attribute(one)}`);
		const open = `<${name}${attributes.join('')}`;
		if (type.content === undefined) return `${open}${attributes.length > 0 ? '' : ` ${this.#end()}`}/>`;
		const inner = requiredIn(type.content);
		if (inner.length === 0 && attributes.length > 0) return `${open}>${this.#end()}</${name}>`;
		const lines = inner.map(
			(one) => `${margin}\t${one === undefined ? this.#end() : this.element(one, `${margin}\t`)}`,
		);
		if (lines.length === 0) lines.push(`${margin}\t${this.#end()}`);
		return `${open}>\n${lines.join('\n')}\n${margin}</${name}>`;
	}

	attribute(declaration: AttributeDeclaration): string {
		return `${declaration.name}="${this.value(declaration.type, declaration.defaultValue, true)}"`;
	}

	/** A place to fill in, with the likeliest value or a choice of all there are. */
	value(type: SimpleType, defaultValue: string | undefined, inAttribute = false): string {
		const stop = ++this.#stops;
		const choices = choicesOf(type);
		if (choices.length > 0 && type.item === undefined) {
			const first = defaultValue !== undefined && choices.includes(defaultValue) ? [defaultValue] : [];
			const ordered = [...first, ...choices.filter((one) => !first.includes(one))];
			return `\${${stop}|${ordered.map(escapeChoice).join(',')}|}`;
		}
		const text = likely(type, defaultValue);
		if (text === '') return `$${stop}`;
		return `\${${stop}:${escapeSnippet(inAttribute ? encodeAttribute(text) : encodeText(text))}}`;
	}

	#end(): string {
		if (this.#last) return '';
		this.#last = true;
		return '$0';
	}
}

/** All values of a type that has only so many; empty for others. */
export function choicesOf(type: SimpleType): string[] {
	if (type.primitive === 'boolean') return ['true', 'false'];
	return (type.item ?? type).enumeration.map(({ value }) => value);
}

/** A value to begin with: valid, and likely where the schema gives no default. */
export function likely(type: SimpleType, defaultValue?: string): string {
	if (defaultValue !== undefined) return defaultValue;
	if (type.item !== undefined || type.primitive === 'boolean') return choicesOf(type)[0]!;
	if (type.enumeration.length > 0) return type.enumeration[0]!.value;
	const byName: Readonly<Record<string, string>> = {
		time: '09:00',
		size: '4 GB',
		minutes: '15',
		interval: '1',
		day_of_month: '1',
	};
	return byName[type.name] ?? (type.primitive === 'integer' ? String(Math.max(type.min ?? 0, 0)) : '');
}

function escapeSnippet(text: string): string {
	return text.replace(/[\\$}]/g, '\\$&');
}

function escapeChoice(text: string): string {
	return text.replace(/[\\,|$}]/g, '\\$&');
}

/** What must stand in a group: declarations, and undefined where somebody has to choose among many. */
function requiredIn(group: Group): (ElementDeclaration | undefined)[] {
	if (group.min === 0) return [];
	if (group.kind === 'choice') {
		const choices = elementsIn(group);
		return choices.length > 2 ? [undefined] : [choices[0]!.element];
	}
	return group.particles.flatMap((particle) => {
		if (particle.min === 0) return [];
		return particle.kind === 'element' ? [particle.element] : requiredIn(particle);
	});
}
