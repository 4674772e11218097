import { AfterimageError } from '../../base/errors.ts';

/** What a JSON value must be: reads, fills in, refuses and describes it, from one declaration. */
export interface Shape<T> {
	/** @throws AfterimageError `image-damaged` naming `path`, what was expected and what was found */
	read(value: unknown, path: string): T;
	/** The value of a missing or null property; without it the property is required. */
	readonly fallback?: () => T;
	/** JSON Schema (draft 7) of the value. */
	readonly schema: JsonSchema;
}

/** A shape whose property may be missing. */
export interface OptionalShape<T> extends Shape<T> {
	readonly fallback: () => T;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

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

function refuse(path: string, expected: string, found: unknown): AfterimageError {
	const text = found === undefined ? 'nothing' : (JSON.stringify(found) ?? typeof found);
	const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
	return new AfterimageError('image-damaged', `$JSON ${path}: expected ${expected}, found ${shown}`, {
		details: { path, expected, found: shown },
	});
}

/** A whole number from `min` to `max`, both inclusive and safe integers. */
export function integer(min: number, max: number): Shape<number> {
	return {
		read(value, path) {
			if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
				throw refuse(path, `an integer from ${min} to ${max}`, value);
			return value;
		},
		schema: { type: 'integer', minimum: min, maximum: max },
	};
}

export const text: Shape<string> = {
	read(value, path) {
		if (typeof value !== 'string') throw refuse(path, 'text', value);
		return value;
	},
	schema: { type: 'string' },
};

/** Text that `pattern` matches; `what` names it in errors. */
export function matching(pattern: RegExp, what: string): Shape<string> {
	return {
		read(value, path) {
			if (typeof value !== 'string' || !pattern.test(value)) throw refuse(path, what, value);
			return value;
		},
		schema: { type: 'string', pattern: pattern.source },
	};
}

export const flag: Shape<boolean> = {
	read(value, path) {
		if (typeof value !== 'boolean') throw refuse(path, 'true or false', value);
		return value;
	},
	schema: { type: 'boolean' },
};

export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
	return {
		read(value, path) {
			if (!values.includes(value as T)) throw refuse(path, `one of ${values.join(', ')}`, value);
			return value as T;
		},
		schema: { type: 'string', enum: values },
	};
}

export function list<T>(element: Shape<T>, max: number): Shape<T[]> {
	return {
		read(value, path) {
			if (!Array.isArray(value)) throw refuse(path, 'a list', value);
			if (value.length > max) throw refuse(path, `at most ${max} entries`, value.length);
			return value.map((entry, i) => element.read(entry, `${path}[${i}]`));
		},
		schema: { type: 'array', items: element.schema, maxItems: max },
	};
}

/** A property that may be missing; `value` stands for it then. */
export function optional<T>(shape: Shape<T>, value: T): OptionalShape<T> {
	return {
		read: (found, path) => shape.read(found, path),
		schema: shape.schema,
		fallback: () => structuredClone(value),
	};
}

/** A property that only informs: missing or of the wrong type, `value` stands for it and nothing is refused. */
export function informative<T>(shape: Shape<T>, value: T): OptionalShape<T> {
	return {
		read(found, path) {
			try {
				return shape.read(found, path);
			} catch {
				return structuredClone(value);
			}
		},
		schema: shape.schema,
		fallback: () => structuredClone(value),
	};
}

/** An object whose properties all have fallbacks; it may be missing itself. */
export function optionalObject<F extends Record<string, OptionalShape<unknown>>>(
	fields: F,
): OptionalShape<{ [K in keyof F]: Read<F[K]> }> {
	const shape = object(fields);
	return { ...shape, fallback: () => shape.read({}, '') };
}

/** An object with at least `fields`; properties that are not declared are kept as they are. */
export function object<F extends Fields>(fields: F): Shape<{ [K in keyof F]: Read<F[K]> }> {
	const known = Object.entries(fields);
	return {
		read(value, path) {
			if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(path, 'an object', value);
			const source = value as Record<string, unknown>;
			const result: [string, unknown][] = Object.entries(source).filter(
				([key]) => !Object.hasOwn(fields, key) && key !== '__proto__',
			);
			for (const [key, field] of known) {
				const here = path === '' ? key : `${path}.${key}`;
				const found = Object.hasOwn(source, key) ? source[key] : undefined;
				if (found !== undefined && found !== null) result.push([key, field.read(found, here)]);
				else if (field.fallback !== undefined) result.push([key, field.fallback()]);
				else throw refuse(here, 'a value', undefined);
			}
			return Object.fromEntries(result) as { [K in keyof F]: Read<F[K]> };
		},
		schema: {
			type: 'object',
			properties: Object.fromEntries(known.map(([key, field]) => [key, field.schema])),
			required: known.filter(([, field]) => field.fallback === undefined).map(([key]) => key),
		},
	};
}
