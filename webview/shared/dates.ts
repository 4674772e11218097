import { dateAndTime as dateAndTimeIn, dateFormat } from '../../src/base/date-text.ts';
import { pageLanguage } from './l10n.ts';

/** Points in time as people read them, in the language of the page and a given time zone. */

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	return dateFormat(pageLanguage(), zone, options);
}

/** `Mon, 30 Nov 2026, 09:00`. */
export function dateAndTime(time: number, zone: string): string {
	return dateAndTimeIn(time, pageLanguage(), zone);
}

/** `Mon, 30 Nov 2026`. @param date `YYYY-MM-DD` */
export function longDate(date: string): string {
	return formatter('UTC', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
		Date.parse(`${date}T00:00:00Z`),
	);
}

/** `30 Nov 2026`. */
export function shortDate(time: number, zone: string): string {
	return formatter(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(time);
}

/** `November 2026`. @param month months since January 1970 */
export function monthTitle(month: number): string {
	return formatter('UTC', { month: 'long', year: 'numeric' }).format(Date.UTC(1970, month, 1));
}

/** `Mon` to `Sun`. */
export function weekdayNames(): readonly string[] {
	// 5 January 1970 was a Monday.
	return Array.from({ length: 7 }, (_, i) => formatter('UTC', { weekday: 'short' }).format(Date.UTC(1970, 0, 5 + i)));
}
