import { bytesText, countText, decimalsText } from '../../src/base/quantity-text.ts';
import { pageLanguage, t } from './l10n.ts';

/** Numbers and sizes as people read them, in the language of the page. */

/** `1,764,066`. */
export function formatCount(count: number): string {
	return countText(count, pageLanguage());
}

/** A number with two decimals: `5.00`. */
export function formatDecimals(value: number): string {
	return decimalsText(value, pageLanguage());
}

/** `4.72 GB`, `4,72 GB`. */
export function formatBytes(bytes: number): string {
	return bytesText(bytes, pageLanguage(), (few) => (few === 1 ? t('1 byte') : t('{0} bytes', few)));
}

export function formatRate(bytesPerSecond: number): string {
	return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}
