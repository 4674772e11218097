import { AfterimageError } from './errors.ts';

/** What work ends with that was given up. */
export function cancelled(): AfterimageError {
	return new AfterimageError('cancelled', 'Cancelled');
}

/** Throws the error `cancelled` when the signal is aborted. Call it between pieces of work of less than a second. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw cancelled();
}

/** Settles as `promise` does, or rejects with `cancelled` as soon as the signal aborts. Always removes its listener. */
export async function raceWithAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return promise;
	throwIfAborted(signal);
	let onAbort: (() => void) | undefined;
	const aborted = new Promise<never>((_, reject) => {
		onAbort = () => reject(cancelled());
		signal.addEventListener('abort', onAbort, { once: true });
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort!);
	}
}
