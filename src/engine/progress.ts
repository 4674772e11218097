import type { JobPhase } from '../protocol/job-phases.ts';
import type { JobEvent, ProgressEvent } from './job-events.ts';
import type { Clock } from './ports.ts';

const sampleMilliseconds = 250;
/** The rate follows what happened in about the last five seconds. */
const smoothing = 5;

/** Counts where work happens, tells on a timer. One a job; a phase after the other. */
export class Progress {
	readonly #clock: Clock;
	readonly #emit: (event: JobEvent) => void;
	#phase: JobPhase | undefined;
	#total = 0;
	#done = 0;
	#read = 0;
	#written = 0;
	#rate = 0;
	#sampledAt = 0;
	#sampledDone = 0;
	#stopTimer: (() => void) | undefined;

	constructor(clock: Clock, emit: (event: JobEvent) => void) {
		this.#clock = clock;
		this.#emit = emit;
	}

	get bytesRead(): number {
		return this.#read;
	}

	get bytesWritten(): number {
		return this.#written;
	}

	/** Begins a phase of `totalBytes` of work; the one before ends with its last value told. */
	start(phase: JobPhase, totalBytes: number): void {
		this.#begin(phase, totalBytes, 0);
	}

	/**
	 * Ends the phase for another one that comes in between.
	 * @returns goes on with it
	 */
	interrupt(): () => void {
		const [phase, total, done] = [this.#phase, this.#total, this.#done];
		this.stop();
		return () => {
			if (phase !== undefined) this.#begin(phase, total, done);
		};
	}

	#begin(phase: JobPhase, total: number, done: number): void {
		this.stop();
		this.#phase = phase;
		this.#total = total;
		this.#done = done;
		this.#rate = 0;
		this.#sampledDone = done;
		this.#sampledAt = this.#clock.passed();
		this.#emit(this.#event());
		this.#stopTimer = this.#clock.every(sampleMilliseconds, () => this.#sample());
	}

	add(doneBytes: number, read: number, written: number): void {
		this.#done += doneBytes;
		this.#read += read;
		this.#written += written;
	}

	/** Takes back work of the phase that turned out not to be needed. */
	drop(bytes: number): void {
		this.#total = Math.max(this.#done, this.#total - bytes);
	}

	/** Ends the phase; tells its last value. */
	stop(): void {
		this.#stopTimer?.();
		this.#stopTimer = undefined;
		if (this.#phase !== undefined) this.#sample();
		this.#phase = undefined;
	}

	#sample(): void {
		const now = this.#clock.passed();
		const seconds = (now - this.#sampledAt) / 1000;
		if (seconds > 0) {
			const current = (this.#done - this.#sampledDone) / seconds;
			const weight = this.#rate === 0 ? 1 : 1 - Math.exp(-seconds / smoothing);
			this.#rate += (current - this.#rate) * weight;
			this.#sampledAt = now;
			this.#sampledDone = this.#done;
		}
		this.#emit(this.#event());
	}

	#event(): ProgressEvent {
		const left = Math.max(0, this.#total - this.#done);
		return {
			type: 'progress',
			phase: this.#phase!,
			doneBytes: this.#done,
			totalBytes: this.#total,
			rate: Math.round(this.#rate),
			secondsLeft: this.#rate > 0 ? left / this.#rate : undefined,
			read: this.#read,
			written: this.#written,
		};
	}
}
