import type { ChildProcess } from 'node:child_process';
import type { Mounted } from '../../src/engine/requests/mount.ts';
import { afterimage, type CliResult, type JsonLine } from './cli.ts';

/** `afterimage mount` in a process of its own, so that this one may look at what is mounted. */
export interface RunningMount {
	readonly mounted: Mounted;
	readonly child: ChildProcess;
	readonly ended: Promise<CliResult>;
}

/** Waits until it is mounted; fails with all it said when it ends before. @param under as for `afterimage` */
export async function startMount(args: readonly string[], under?: readonly string[]): Promise<RunningMount> {
	return new Promise((resolve, reject) => {
		let child: ChildProcess;
		let out = '';
		const onStart = (started: ChildProcess) => {
			child = started;
			started.stdout!.on('data', (data: Buffer) => {
				out += data.toString('utf8');
				const line = out.split('\n').find((one) => one.includes('"type":"result"'));
				if (line?.endsWith('}') === true) resolve({ mounted: JSON.parse(line) as Mounted, child, ended });
			});
		};
		const ended = afterimage(['mount', ...args, '--json'], onStart, under);
		void ended.then(({ out: all, err }) => reject(new Error(`afterimage mount has ended: ${all}${err}`)));
	});
}

/**
 * Mounts a backup while `use` looks at it, and ends it by the signal that Ctrl+C sends.
 * @returns the messages of its log; fails with all it said when the exit code is not 0
 */
export async function whileMounted(
	args: readonly string[],
	use: (mounted: Mounted) => Promise<void>,
	under?: readonly string[],
): Promise<string[]> {
	const { mounted, child, ended } = await startMount(args, under);
	try {
		await use(mounted);
	} finally {
		child.kill('SIGINT');
		await ended;
	}
	const { code, out, err } = await ended;
	if (code !== 0) throw new Error(`afterimage mount ended with ${code}: ${out}${err}`);
	return messagesOf(out);
}

/** What a log said that was written with `--json`. */
export function messagesOf(out: string): string[] {
	const lines = out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonLine]));
	return lines.flatMap(({ type, message }) => (type === 'log' ? [String(message)] : []));
}
