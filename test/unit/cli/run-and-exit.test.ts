import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runAndExit, type Host } from '../../../src/cli/run-and-exit.ts';

/** A process that notes what it is told; what is written to it is taken when the test says so. */
function fakeHost() {
	const emitter = new EventEmitter();
	const did: string[] = [];
	const waiting: (() => void)[] = [];
	const drain = { write: (_: string, done: () => void) => void waiting.push(done) };
	const host: Host = {
		on: (name, listener) => emitter.on(name, listener),
		removeAllListeners: (name) => emitter.removeAllListeners(name),
		stdout: drain,
		stderr: drain,
		exit: (code) => void did.push(`exit ${code}`),
	};
	return {
		host,
		did,
		/** False when nobody hears it, so that the system ends the process. */
		send: (name: NodeJS.Signals) => emitter.emit(name),
		take: async () => {
			await new Promise((resume) => setImmediate(resume));
			waiting.shift()!();
		},
	};
}

describe('a run with its signals', () => {
	it('ends the process itself with its result, when all that it said is taken', async () => {
		const { host, did, take } = fakeHost();
		const ended = runAndExit(host, () => Promise.resolve(6));
		await take();
		expect(did).toEqual([]);
		await take();
		await ended;
		expect(did).toEqual(['exit 6']);
	});

	it('keeps the result that it has, however many signals come then', async () => {
		const { host, did, send, take } = fakeHost();
		const ended = runAndExit(host, () => Promise.resolve(0));
		await take();
		for (let i = 0; i < 4; i++) send('SIGINT');
		await take();
		await ended;
		send('SIGTERM');
		expect(did).toEqual(['exit 0']);
	});

	it('is cancelled by the first signal, and ended by the third', async () => {
		const { host, did, send } = fakeHost();
		let aborted = false;
		void runAndExit(host, (signal) => {
			signal.addEventListener('abort', () => (aborted = true));
			return new Promise(() => undefined);
		});
		expect(aborted).toBe(false);
		send('SIGINT');
		expect(aborted).toBe(true);
		send('SIGHUP');
		expect(did).toEqual([]);
		send('SIGTERM');
		expect(did).toEqual(['exit 4']);
		// A thread that waits for a share holds the exit up; the next signal is the system's.
		for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) expect(send(name)).toBe(false);
	});

	it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const)('is cancelled by %s', (name) => {
		const { host, send } = fakeHost();
		let aborted = false;
		void runAndExit(host, (signal) => {
			signal.addEventListener('abort', () => (aborted = true));
			return new Promise(() => undefined);
		});
		send(name);
		expect(aborted).toBe(true);
	});
});
