import type { JobEvent } from './job-events.ts';

export interface HeldEvents {
	readonly emit: (event: JobEvent) => void;
	/** Keeps log lines back from now on. */
	hold(): void;
	/** Hands on what was kept back, and everything that follows. */
	release(): void;
}

/**
 * Log lines that wait while file systems are frozen: whoever keeps them may keep them on one of these, and a write there
 * would hang until the thaw. Progress goes through, since nobody keeps it.
 */
export function heldEvents(emit: (event: JobEvent) => void): HeldEvents {
	const waiting: JobEvent[] = [];
	let held = false;
	return {
		emit: (event) => (held && event.type === 'log' ? void waiting.push(event) : emit(event)),
		hold: () => (held = true),
		release() {
			held = false;
			for (const event of waiting.splice(0)) emit(event);
		},
	};
}
