/**
 * A time as `fs.utimes` and its like take it. They cut what a number of seconds cannot hold exactly, so that a time in whole
 * milliseconds would come out as the one before it; half a microsecond more keeps it.
 * @param milliseconds since 1970
 * @returns seconds
 */
export function systemTime(milliseconds: number): number {
	return (milliseconds + 0.0005) / 1000;
}
