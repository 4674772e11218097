import { scaleBytes } from './quantity.ts';

/** Numbers and sizes as people read them, in their language. A format is made once for each language and form. */

const cache = new Map<string, Intl.NumberFormat>();

function format(value: number, language: string, options: Intl.NumberFormatOptions): string {
	const key = `${language} ${JSON.stringify(options)}`;
	let found = cache.get(key);
	if (found === undefined) {
		found = new Intl.NumberFormat(language, options);
		cache.set(key, found);
	}
	return found.format(value);
}

/** `1,764,066`. @param language as BCP 47 has it, such as `de` */
export function countText(count: number, language: string): string {
	return format(count, language, {});
}

/** A number with two decimals: `5.00`, `5,00`. */
export function decimalsText(value: number, language: string): string {
	return format(value, language, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false });
}

/**
 * Bytes as `formatBytes` of `quantity.ts` has them: `4.72 GB`, `4,72 GB`.
 * @param few words for less than 1024 bytes
 */
export function bytesText(bytes: number, language: string, few: (bytes: number) => string): string {
	const { value, unit } = scaleBytes(bytes);
	return unit === undefined ? few(bytes) : `${decimalsText(value, language)} ${unit}`;
}
