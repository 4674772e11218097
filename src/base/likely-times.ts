/**
 * When things were likely made of which it is known in which order they were made, where the clock may have been wrong: none is
 * earlier than one before it, and what is dated ahead of now while a later one is not was made before that one. What is dated
 * ahead and has nothing sound behind it stays as it is.
 * @param times in the order in which they were made, in the unit of `now`
 */
export function likelyTimes(times: readonly number[], now: number): number[] {
	const likely = [...times];
	let next = Infinity;
	for (let i = likely.length - 1; i >= 0; i--) {
		if (likely[i]! <= now) next = likely[i]!;
		else likely[i] = Math.min(likely[i]!, next);
	}
	let latest = -Infinity;
	return likely.map((time) => (latest = Math.max(latest, time)));
}
