import { AfterimageError } from '../base/errors.ts';

/**
 * Checks of messages that come from another process. A check returns the value in its type or throws
 * `invalid-argument` naming the field, what was expected and what was found.
 */
export type Check<T> = (value: unknown, path: string) => T;

function refuse(path: string, expected: string, found: unknown): never {
	const shown =
		found === null ? 'null' : Array.isArray(found) ? 'a list' : typeof found === 'object' ? 'an object' : typeof found;
	throw new AfterimageError('invalid-argument', `${path}: expected ${expected}, found ${shown}`, {
		details: { path, expected },
	});
}

/** Text of at most `limit` characters (default 4,096: paths and names). */
export function text(limit = 4096): Check<string> {
	return (value, path) =>
		typeof value === 'string' && value.length <= limit && !value.includes('\0')
			? value
			: refuse(path, `text of at most ${limit} characters`, value);
}

/** A whole number within bounds, both included. */
export function integer(low: number, high: number): Check<number> {
	return (value, path) =>
		typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high
			? value
			: refuse(path, `a whole number from ${low} to ${high}`, value);
}

export const flag: Check<boolean> = (value, path) =>
	typeof value === 'boolean' ? value : refuse(path, 'true or false', value);

export function oneOf<const T extends readonly string[]>(...choices: T): Check<T[number]> {
	return (value, path) =>
		typeof value === 'string' && choices.includes(value) ? value : refuse(path, `one of ${choices.join(', ')}`, value);
}

export function list<T>(item: Check<T>, limit = 10_000): Check<readonly T[]> {
	return (value, path) =>
		Array.isArray(value) && value.length <= limit
			? value.map((entry, i) => item(entry, `${path}[${i}]`))
			: refuse(path, `a list of at most ${limit} entries`, value);
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
	return (value, path) => (value === undefined ? undefined : check(value, path));
}

type Shape<F extends Record<string, Check<unknown>>> = {
	readonly [K in keyof F as undefined extends ReturnType<F[K]> ? never : K]: ReturnType<F[K]>;
} & {
	readonly [K in keyof F as undefined extends ReturnType<F[K]> ? K : never]?: Exclude<ReturnType<F[K]>, undefined>;
};

/** An object with exactly these fields; an unknown field is refused, since a typing error must not be ignored. */
export function object<F extends Record<string, Check<unknown>>>(fields: F): Check<Shape<F>> {
	return (value, path) => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'an object', value);
		const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
		if (unknown !== undefined)
			refuse(
				`${path}.${unknown}`,
				`no such field (known: ${Object.keys(fields).join(', ')})`,
				(value as Record<string, unknown>)[unknown],
			);
		const result: Record<string, unknown> = {};
		for (const [key, check] of Object.entries(fields)) {
			const checked = check((value as Record<string, unknown>)[key], `${path}.${key}`);
			if (checked !== undefined) result[key] = checked;
		}
		return result as Shape<F>;
	};
}

/** A value of a union told apart by its field `key`. */
export function union<M extends Record<string, Check<unknown>>>(
	key: string,
	members: M,
): Check<ReturnType<M[keyof M]>> {
	return (value, path) => {
		const kind: unknown =
			typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
		if (typeof kind !== 'string' || !Object.hasOwn(members, kind))
			refuse(`${path}.${key}`, `one of ${Object.keys(members).join(', ')}`, kind);
		return members[kind]!(value, path) as ReturnType<M[keyof M]>;
	};
}
