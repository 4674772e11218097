/** What of `process` a command line that ends by itself needs. */
export interface Host {
	on(signal: NodeJS.Signals, listener: () => void): unknown;
	removeAllListeners(signal: NodeJS.Signals): unknown;
	readonly stdout: Drain;
	readonly stderr: Drain;
	exit(code: number): void;
}

interface Drain {
	write(text: string, done: () => void): unknown;
}

/** SIGBREAK is Ctrl+Break of a console of Windows, SIGHUP its window that is closed. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/**
 * Runs with a signal that each of these aborts, and ends the process with the exit code that `run` gives:
 * once it is there, no signal changes it. Left to end by itself, Node takes its handlers away first, and a signal from
 * then on ends a run with 130 that has told its result.
 */
export async function runAndExit(host: Host, run: (signal: AbortSignal) => Promise<number>): Promise<void> {
	const controller = new AbortController();
	let signals = 0;
	let finished = false;
	for (const name of endings) {
		host.on(name, () => {
			controller.abort();
			if (++signals <= 2 || finished) return;
			// Who insists is not kept waiting: files of this run are then cleared away by the next one. A read or write on a share that
			// stands still holds the exit up, so the next signal does what it does by itself.
			for (const one of endings) host.removeAllListeners(one);
			host.exit(4);
		});
	}
	const code = await run(controller.signal);
	finished = true;
	for (const stream of [host.stdout, host.stderr]) await new Promise<void>((done) => stream.write('', () => done()));
	host.exit(code);
}
