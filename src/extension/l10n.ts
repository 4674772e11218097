import { dateAndTime as dateAndTimeIn, dateFormat } from '../base/date-text.ts';
import { english, type Translate } from '../base/l10n.ts';
import { bytesText, countText } from '../base/quantity-text.ts';

/** Translation for modules that do not know VS Code, so that they can be tested without it. */

let translate: Translate = english;
let language = 'en';

/** Set once at activation, from `vscode.l10n.bundle` and to `vscode.env.language`; before that, texts stay English. */
export function useTranslator(translator: Translate, displayLanguage: string): void {
	translate = translator;
	language = displayLanguage;
}

/** A text in the language of the user. @param message English, with `{0}`, `{1}`, … for what varies */
export const t: Translate = (message, ...args) => translate(message, ...args);

/**
 * `Mon, 30 Nov 2026, 09:00`, as pages write it, in the language of the user.
 * @param time milliseconds since 1970, or as ISO 8601 has it
 * @param zone IANA name; the zone of the computer when not given
 */
export function dateAndTime(time: number | string, zone?: string): string {
	return dateAndTimeIn(typeof time === 'number' ? time : Date.parse(time), language, zone);
}

/** `30 Nov 2026`. @param time as ISO 8601 has it */
export function shortDate(time: string): string {
	return dateFormat(language, undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(Date.parse(time));
}

/** `09:00:05`. @param time as ISO 8601 has it */
export function timeOfDay(time: string): string {
	const form = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
	return dateFormat(language, undefined, form).format(Date.parse(time));
}

/** `1,764,066`, `1.764.066`. */
export function formatCount(count: number): string {
	return countText(count, language);
}

/** `4.72 GB`, `4,72 GB`. */
export function formatBytes(bytes: number): string {
	return bytesText(bytes, language, (few) => (few === 1 ? translate('1 byte') : translate('{0} bytes', few)));
}

export function formatRate(bytesPerSecond: number): string {
	return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}
