/** The parts of a date and time as FAT and exFAT pack them into 16 bits each; whole minutes east of UTC where they are known. */
export interface DosTime {
	/** Bits 15 to 9 years since 1980, 8 to 5 the month from 1 on, 4 to 0 the day. */
	readonly date: number;
	/** Bits 15 to 11 hours, 10 to 5 minutes, 4 to 0 pairs of seconds. */
	readonly time: number;
	/** Added to the time: 0 to 1990. */
	readonly milliseconds: number;
	readonly minutesEast: number | undefined;
}

/**
 * Milliseconds since 1970, UTC. Without a zone, it is the local time of whichever system wrote it: it is read as that of
 * this machine, so that it shows as the system that wrote it showed it, which is what Windows and Linux do.
 * @returns undefined for what is no date, or no time of day
 */
export function fromDosTime({ date, time, milliseconds, minutesEast }: DosTime): number | undefined {
	const [year, month, day] = [1980 + (date >>> 9), (date >>> 5) & 15, date & 31];
	const [hour, minute, second] = [time >>> 11, (time >>> 5) & 63, (time & 31) * 2];
	const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
	if (month < 1 || month > 12 || day < 1 || day > daysInMonth) return undefined;
	if (hour > 23 || minute > 59 || second > 58 || milliseconds > 1990) return undefined;
	if (minutesEast === undefined) return new Date(year, month - 1, day, hour, minute, second, milliseconds).getTime();
	return Date.UTC(year, month - 1, day, hour, minute - minutesEast, second, milliseconds);
}
