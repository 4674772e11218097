import { AfterimageError } from '../../base/errors.ts';

/** What a JSON value must be: reads, fills in and refuses it. */
export interface Shape<T> {
	/**
	 * Checks the value and fills in what is missing, in place.
	 * @throws Refusal naming what was expected and what was found
	 */
	read(value: unknown): T;
	/** The value of a missing or null property; without it the property is required. */
	readonly fallback?: () => T;
}

/** A shape whose property may be missing. */
export interface OptionalShape<T> extends Shape<T> {
	readonly fallback: () => T;
}

export type Fields = Record<string, Shape<unknown>>;

/** The complete value that reading an object gives: every declared property is there. */
export type Read<S> = S extends Shape<infer T> ? T : never;

type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never }[keyof F];

/** What may be given to have it completed: properties with a fallback may be left out, at every level. */
export type Given<T> = T extends readonly (infer E)[]
	? readonly Given<E>[]
	: T extends object
		? { [K in keyof T]?: Given<T[K]> | undefined }
		: T;

/** The properties of `F` with those that have no fallback required. */
export type GivenFields<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Given<Read<F[K]>> } & {
	[K in OptionalKeys<F>]?: Given<Read<F[K]>> | undefined;
};

/** Deepest value that is kept or shown without having been declared: walking it must not exhaust the stack. */
const maxUnknownDepth = 32;

/** A value that is not what it must be; its path grows on the way out. */
class Refusal extends Error {
	path = '';
	readonly expected: string;
	readonly found: string;

	constructor(expected: string, found: unknown) {
		super(expected);
		this.expected = expected;
		this.found = shown(found);
	}
}

/** The beginning of a value as JSON; a deep one could exhaust the stack. */
function shown(found: unknown): string {
	if (found === undefined) return 'nothing';
	if (isDeep(found, maxUnknownDepth)) return 'a deeply nested value';
	const text = JSON.stringify(found) ?? typeof found;
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Reads `value`, which is at `path` of the document. @throws AfterimageError `image-damaged` */
export function readAt<T>(shape: Shape<T>, value: unknown, path: string): T {
	try {
		return shape.read(value);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const { expected, found } = error;
		const where = `${path}${error.path}`.replace(/^\./, '');
		throw new AfterimageError('image-damaged', `$JSON ${where}: expected ${expected}, found ${found}`, {
			details: { path: where, expected, found },
		});
	}
}

function within<T>(key: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof Refusal) error.path = key + error.path;
		throw error;
	}
}

/** A whole number from `min` to `max`, both inclusive and safe integers. */
export function integer(min: number, max: number): Shape<number> {
	return {
		read(value) {
			if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
				throw new Refusal(`an integer from ${min} to ${max}`, value);
			return value;
		},
	};
}

export const text: Shape<string> = {
	read(value) {
		if (typeof value !== 'string') throw new Refusal('text', value);
		return value;
	},
};

/** Text that `pattern` matches; `what` names it in errors. */
export function matching(pattern: RegExp, what: string): Shape<string> {
	return {
		read(value) {
			if (typeof value !== 'string' || !pattern.test(value)) throw new Refusal(what, value);
			return value;
		},
	};
}

export const flag: Shape<boolean> = {
	read(value) {
		if (typeof value !== 'boolean') throw new Refusal('true or false', value);
		return value;
	},
};

export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
	return {
		read(value) {
			if (!values.includes(value as T)) throw new Refusal(`one of ${values.join(', ')}`, value);
			return value as T;
		},
	};
}

export function list<T>(element: Shape<T>, max: number): Shape<T[]> {
	return {
		read(value) {
			if (!Array.isArray(value)) throw new Refusal('a list', value);
			if (value.length > max) throw new Refusal(`at most ${max} entries`, value.length);
			for (let i = 0; i < value.length; i++) value[i] = within(`[${i}]`, () => element.read(value[i]));
			return value as T[];
		},
	};
}

/** A property that may be missing; `value` stands for it then. */
export function optional<T>(shape: Shape<T>, value: T): OptionalShape<T> {
	return { read: (found) => shape.read(found), fallback: copier(value) };
}

/** A property that only informs: missing or of the wrong type, `value` stands for it and nothing is refused. */
export function informative<T>(shape: Shape<T>, value: T): OptionalShape<T> {
	const copy = copier(value);
	return {
		read(found) {
			try {
				return shape.read(found);
			} catch {
				return copy();
			}
		},
		fallback: copy,
	};
}

function copier<T>(value: T): () => T {
	return typeof value === 'object' ? () => structuredClone(value) : () => value;
}

/** An object whose properties all have fallbacks; it may be missing itself. */
export function optionalObject<F extends Record<string, OptionalShape<unknown>>>(
	fields: F,
): OptionalShape<{ [K in keyof F]: Read<F[K]> }> {
	const shape = object(fields);
	return { ...shape, fallback: () => shape.read({}) };
}

/** An object with at least `fields`; properties that are not declared are kept as they are. */
export function object<F extends Fields>(fields: F): Shape<{ [K in keyof F]: Read<F[K]> }> {
	const known = Object.entries(fields);
	return {
		read(value) {
			if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('an object', value);
			const result = value as Record<string, unknown>;
			for (const key in result)
				if (!Object.hasOwn(fields, key) && (key === '__proto__' || isDeep(result[key], maxUnknownDepth)))
					delete result[key];
			for (const [key, field] of known) {
				const found = Object.hasOwn(result, key) ? result[key] : undefined;
				if (found !== undefined && found !== null) result[key] = within(`.${key}`, () => field.read(found));
				else if (field.fallback !== undefined) result[key] = field.fallback();
				else within(`.${key}`, () => field.read(undefined));
			}
			return result as { [K in keyof F]: Read<F[K]> };
		},
	};
}

function isDeep(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((entry) => isDeep(entry, levels - 1));
}
