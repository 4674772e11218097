/**
 * IANA name of this system's time zone, by which days and weeks are counted. ICU has none where `TZ` is empty, which by POSIX
 * is UTC, or leads to a file: then it is told by the path, and else UTC.
 * @param tz the variable `TZ`
 * @param known what ICU says
 */
export function localZone(
	tz: string | undefined = process.env['TZ'],
	known: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone,
): string {
	if (known !== undefined && known !== 'Etc/Unknown') return known;
	const name = /\/zoneinfo\/(?:posix\/)?(.+)$/.exec(tz ?? '')?.[1];
	return name !== undefined && isZone(name) ? name : 'UTC';
}

function isZone(name: string): boolean {
	try {
		return Intl.DateTimeFormat(undefined, { timeZone: name }) !== undefined;
	} catch {
		return false;
	}
}
