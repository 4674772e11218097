/** Points in time as people read them. A format is made once for each language, zone and form. */

const cache = new Map<string, Intl.DateTimeFormat>();

/**
 * @param language as BCP 47 has it, such as `de`
 * @param zone IANA name; undefined is the zone of the computer
 */
export function dateFormat(
	language: string,
	zone: string | undefined,
	options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
	const key = `${language} ${zone} ${JSON.stringify(options)}`;
	let found = cache.get(key);
	if (found === undefined) {
		found = new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
		cache.set(key, found);
	}
	return found;
}

/** Day of the week, date and time of day. */
export const dateAndTimeForm: Intl.DateTimeFormatOptions = {
	weekday: 'short',
	day: 'numeric',
	month: 'short',
	year: 'numeric',
	hour: '2-digit',
	minute: '2-digit',
	hourCycle: 'h23',
};

/**
 * `Mon, 30 Nov 2026, 09:00`, in the order of the language.
 * @param time milliseconds since 1970
 */
export function dateAndTime(time: number, language: string, zone?: string): string {
	return dateFormat(language, zone, dateAndTimeForm).format(time);
}
