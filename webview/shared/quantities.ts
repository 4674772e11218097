import { pageLanguage, t } from './l10n.ts';

/** Numbers and sizes as people read them, in the language of the page. */

const units = ['KB', 'MB', 'GB', 'TB', 'PB'];

const cache = new Map<string, Intl.NumberFormat>();

function format(value: number, options: Intl.NumberFormatOptions): string {
	const key = JSON.stringify(options);
	let found = cache.get(key);
	if (found === undefined) {
		found = new Intl.NumberFormat(pageLanguage(), options);
		cache.set(key, found);
	}
	return found.format(value);
}

/** `1,764,066`. */
export function formatCount(count: number): string {
	return format(count, {});
}

/** A number with two decimals: `5.00`. */
export function formatDecimals(value: number): string {
	return format(value, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false });
}

/** Bytes as `formatBytes` of `src/base/quantity.ts` has them, in the language of the page: `4.72 GB`, `4,72 GB`. */
export function formatBytes(bytes: number): string {
	let value = bytes;
	let unit = -1;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	if (unit < 0) return bytes === 1 ? t('1 byte') : t('{0} bytes', bytes);
	return `${formatDecimals(value)} ${units[unit]}`;
}

export function formatRate(bytesPerSecond: number): string {
	return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}
