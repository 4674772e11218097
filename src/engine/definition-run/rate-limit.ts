import type { BeforeWrite } from '../backup/store-partition.ts';
import type { Clock } from '../ports.ts';
import type { RunPorts } from './run-ports.ts';

/** Idle time that is made up for at full speed afterwards, in milliseconds. */
const burst = 250;

/** Waits before writes so that no more than `bytesPerSecond` are written, measured over about a quarter of a second. */
export function rateLimit(
	bytesPerSecond: number,
	clock: Clock,
	sleep: RunPorts['sleep'],
	signal: AbortSignal,
): BeforeWrite {
	/** When everything written so far is paid for. */
	let paid = -Infinity;
	return async (bytes) => {
		const now = clock.passed();
		paid = Math.max(paid, now - burst);
		if (paid > now) await sleep(paid - now, signal);
		paid += (bytes / bytesPerSecond) * 1000;
	};
}
