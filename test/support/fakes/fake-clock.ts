import type { Clock } from '../../../src/engine/ports.ts';

/** Time that moves only when a test moves it; timers fire in order while it moves. */
export class FakeClock implements Clock {
	#now: number;
	/** From the time to what has passed: changes when the clock is set. */
	#offset = 0;
	readonly #timers = new Set<{ every: number; next: number; tick: () => void }>();

	constructor(now = Date.UTC(2024, 0, 1)) {
		this.#now = now;
	}

	now(): number {
		return this.#now;
	}

	passed(): number {
		return this.#now + this.#offset;
	}

	/** As somebody who sets the clock back does, or forward by a negative number; timers keep their distance. */
	setBack(milliseconds: number): void {
		this.#now -= milliseconds;
		this.#offset += milliseconds;
		for (const timer of this.#timers) timer.next -= milliseconds;
	}

	every(milliseconds: number, tick: () => void): () => void {
		const timer = { every: milliseconds, next: this.#now + milliseconds, tick };
		this.#timers.add(timer);
		return () => void this.#timers.delete(timer);
	}

	get timers(): number {
		return this.#timers.size;
	}

	advance(milliseconds: number): void {
		const end = this.#now + milliseconds;
		for (;;) {
			const due = [...this.#timers].filter((timer) => timer.next <= end).sort((a, b) => a.next - b.next)[0];
			if (due === undefined) break;
			this.#now = due.next;
			due.next += due.every;
			due.tick();
		}
		this.#now = end;
	}
}
