import { setTimeout as delay } from 'node:timers/promises';

/** How long anything in the window may take on a busy machine, in milliseconds. */
export const patience = 60_000;

/** Waits until something holds and gives it; fails with `what` when it does not. */
export async function until<T>(
	what: string,
	look: () => Promise<T | undefined | false> | T | undefined | false,
	most = patience,
): Promise<T> {
	const end = Date.now() + most;
	for (;;) {
		const found = await look();
		if (found !== undefined && found !== false) return found;
		if (Date.now() > end) throw new Error(`${what} did not come about within ${most / 1000} s`);
		await delay(50);
	}
}
