/** Indexers, virus scanners and the shell have devices and files open for moments: how often something is tried, and after how long again. */
const attempts = 20;
const pauseMilliseconds = 100;

/**
 * Tries until others no longer keep it from us, about two seconds long.
 * @param isKept whether a result says that it may succeed in a moment
 * @returns the last result
 */
export async function patiently<T>(attempt: () => T, isKept: (result: T) => boolean): Promise<T> {
	for (let left = attempts - 1; ; left--) {
		const result = attempt();
		if (left === 0 || !isKept(result)) return result;
		await new Promise((again) => setTimeout(again, pauseMilliseconds));
	}
}
