import { readFile, rm } from 'node:fs/promises';
import { afterimage } from './cli.ts';

/**
 * A command line, for {@link afterimage}, that kills the process as it is about to make a system call.
 * @param count which of the calls of one thread it is, from 1
 */
export function killedAt(call: string, count: number): string[] {
	return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `inject=${call}:signal=KILL:when=${count}`];
}

/**
 * How often the command makes a system call: the most that one of its threads does.
 * @param log a path where nothing is, for the time of the call
 */
export async function countCalls(args: readonly string[], call: string, log: string): Promise<number> {
	const result = await afterimage(args, undefined, ['strace', '-f', '-qq', '-o', log, '-e', `trace=${call}`]);
	if (result.code !== 0) throw new Error(`${args.join(' ')} ended with ${result.code}: ${result.err}`);
	const threads = (await readFile(log, 'utf8')).matchAll(/^(\d+) +\w+\(/gm);
	await rm(log);
	const counts = new Map<string, number>();
	for (const [, thread] of threads) counts.set(thread!, (counts.get(thread!) ?? 0) + 1);
	return Math.max(0, ...counts.values());
}
