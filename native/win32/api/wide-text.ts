/** Text as Windows gives it, UTF-16 that a NUL ends. */
export function wideText(units: Uint16Array): string {
	const end = units.indexOf(0);
	return decode(end < 0 ? units : units.subarray(0, end));
}

/** A list of texts, each ended by a NUL, the list by an empty one (REG_MULTI_SZ and the like). */
export function wideTexts(units: Uint16Array): string[] {
	const texts: string[] = [];
	for (let at = 0; at < units.length && units[at] !== 0;) {
		const end = units.indexOf(0, at);
		const stop = end < 0 ? units.length : end;
		texts.push(decode(units.subarray(at, stop)));
		at = stop + 1;
	}
	return texts;
}

function decode(units: Uint16Array): string {
	return new TextDecoder('utf-16le').decode(units);
}
