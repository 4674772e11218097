import { fromDosTime } from '../fat-family/dos-time.ts';

const known = 0x80;

/**
 * Milliseconds since 1970, UTC, of a timestamp with its two companions; section 7.4.8 to 7.4.10 of the specification.
 * @param tenMilliseconds added to the timestamp, whose seconds are even: 0 to 199
 * @param utcOffset bit 7: the zone is known, and the other bits are quarters of an hour east of UTC, with a sign
 * @returns undefined for what is no date, or no time of day
 */
export function exfatTime(timestamp: number, tenMilliseconds: number, utcOffset: number): number | undefined {
	// Bit 6 is the sign of the seven.
	const minutesEast = (((utcOffset & 0x7f) << 25) >> 25) * 15;
	return fromDosTime({
		date: timestamp >>> 16,
		time: timestamp & 0xffff,
		milliseconds: tenMilliseconds * 10,
		minutesEast: (utcOffset & known) === 0 ? undefined : minutesEast,
	});
}
