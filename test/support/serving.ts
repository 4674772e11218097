import type { ChildProcess } from 'node:child_process';
import type { Served } from '../../src/engine/requests/serve.ts';
import { afterimage, type JsonLine } from './cli.ts';

/** What a server says, as it comes. */
export interface Serving {
	readonly served: Served;
	readonly process: ChildProcess;
	/** Messages of its log so far. */
	readonly log: () => readonly string[];
}

/**
 * Runs `afterimage serve` while `use` has what it serves, and ends it by the signal that Ctrl+C sends.
 * @returns its log; fails with all it said when the exit code is not 0
 */
export async function whileServing(
	args: readonly string[],
	use: (serving: Serving) => Promise<void>,
): Promise<readonly string[]> {
	let out = '';
	const lines = () => {
		const whole = out.slice(0, out.lastIndexOf('\n') + 1);
		return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonLine]));
	};
	const log = () => lines().flatMap(({ type, message }) => (type === 'log' ? [String(message)] : []));
	let child: ChildProcess | undefined;
	let result: Promise<void> | undefined;
	const ready = new Promise<Served>((resolve, reject) => {
		const ended = afterimage(['serve', ...args, '--json'], (started) => {
			child = started;
			started.stdout!.on('data', (data: Buffer) => {
				out += data.toString('utf8');
				const first = lines().find(({ type }) => type === 'result');
				if (first !== undefined) resolve(first as unknown as Served);
			});
		});
		result = ended.then((end) => {
			const said = new Error(`afterimage serve ended with ${end.code ?? end.signal}: ${end.out}${end.err}`);
			reject(said);
			if (end.code !== 0) throw said;
		});
	});
	try {
		await use({ served: await ready, process: child!, log });
	} finally {
		child?.kill('SIGINT');
		await result;
	}
	return log();
}
