import { damaged } from '../../base/errors.ts';

export type Value = number | string | readonly (number | string)[] | Section;

/** Assignments and sections by name. A number may be larger than those that are exact: who uses it has to look. */
export type Section = ReadonlyMap<string, Value>;

/** Sections within sections: LVM's own text has five. */
const deepest = 16;

/**
 * Parses the text format of LVM's metadata: `name = value`, `name { … }`, numbers, strings, `[ lists ]` and `# comments`.
 * Stricter than LVM: a name stands once in a section, and lists hold no lists.
 * @throws AfterimageError `structure-damaged` naming the character
 */
export function parseText(text: string): Section {
	return new Parser(text).section(0);
}

class Parser {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	/** Up to the `}` that ends it, or to the end of the text for the outermost one. */
	section(depth: number): Section {
		if (depth > deepest) throw this.#bad(`at most ${deepest} sections within each other`);
		const section = new Map<string, Value>();
		for (;;) {
			const next = this.#next();
			if (next === (depth === 0 ? '' : '}')) break;
			const at = this.#at;
			const name = this.#match(/[\w.+-]{1,128}/y) ?? this.#fail('a name');
			if (section.has(name)) {
				this.#at = at;
				throw this.#bad('a name that is new in its section');
			}
			const sign = this.#next();
			this.#at++;
			if (sign === '{') section.set(name, this.section(depth + 1));
			else if (sign === '=') section.set(name, this.#value());
			else {
				this.#at--;
				throw this.#bad('= or {');
			}
		}
		this.#at++;
		return section;
	}

	#value(): Value {
		if (this.#next() !== '[') return this.#scalar();
		this.#at++;
		const list: (number | string)[] = [];
		if (this.#next() !== ']') {
			for (;;) {
				list.push(this.#scalar());
				if (this.#next() === ']') break;
				if (this.#next() !== ',') throw this.#bad(', or ]');
				this.#at++;
			}
		}
		this.#at++;
		return list;
	}

	#scalar(): number | string {
		if (this.#next() === '"') return this.#string();
		return Number(this.#match(/-?\d{1,20}(?:\.\d{1,20})?/y) ?? this.#fail('a number, a string or a list'));
	}

	/** A backslash stands before quotes and backslashes. */
	#string(): string {
		const start = ++this.#at;
		for (; this.#text[this.#at] !== '"'; this.#at++) {
			if (this.#text[this.#at] === '\\') this.#at++;
			if (this.#at >= this.#text.length) throw this.#bad('"');
		}
		return this.#text.slice(start, this.#at++).replace(/\\([\s\S])/g, '$1');
	}

	/** The next character that is neither space nor comment, or nothing at the end. */
	#next(): string {
		for (; ; this.#at++) {
			const character = this.#text[this.#at] ?? '';
			if (character === '#') {
				const end = this.#text.indexOf('\n', this.#at);
				this.#at = end === -1 ? this.#text.length - 1 : end;
			} else if (character === '' || !' \t\r\n'.includes(character)) return character;
		}
	}

	#match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0];
		this.#at += found?.length ?? 0;
		return found;
	}

	#fail(expected: string): never {
		throw this.#bad(expected);
	}

	#bad(expected: string) {
		const found = this.#text.slice(this.#at, this.#at + 20) || 'the end';
		return damaged('structure-damaged', 'LVM metadata text', this.#at, expected, found);
	}
}
