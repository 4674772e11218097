import type { Clock } from '../ports.ts';

export const systemClock: Clock = {
	now: () => Date.now(),
	passed: () => performance.now(),
	every(milliseconds, tick) {
		const timer = setInterval(tick, milliseconds);
		timer.unref();
		return () => clearInterval(timer);
	},
};
