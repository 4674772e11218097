/** A command line, for {@link afterimage}, that has a program see another time of day, going on from there. */
export function atTime(iso: string): string[] {
	const utc = new Date(iso).toISOString().replace('T', ' ').slice(0, 19);
	return ['env', 'TZ=UTC', 'faketime', '--exclude-monotonic', '-f', `@${utc}`];
}
