import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';

/** Vendors' tools may live where an ordinary user's PATH does not look. */
export const searchPath = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

export interface RunOptions {
	/** Exit codes that are no failure; [0] when absent. */
	readonly codes?: readonly number[];
	readonly cwd?: string;
	readonly input?: string;
	readonly env?: Readonly<Record<string, string>>;
}

export interface RunResult {
	readonly stdout: string;
	readonly stderr: string;
	readonly code: number;
}

/** Runs a program in the C locale. @throws Error with all it printed when its exit code is not an allowed one */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
	const child = spawn(command, args, {
		cwd: options.cwd,
		env: { ...process.env, PATH: searchPath, LC_ALL: 'C.UTF-8', ...options.env },
	});
	const out: Buffer[] = [];
	const err: Buffer[] = [];
	child.stdout.on('data', (data: Buffer) => out.push(data));
	child.stderr.on('data', (data: Buffer) => err.push(data));
	child.stdin.on('error', () => undefined);
	child.stdin.end(options.input ?? '');
	const ended = await new Promise<number | string>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => resolve(code ?? signal ?? -1));
	});
	const stdout = Buffer.concat(out).toString();
	const stderr = Buffer.concat(err).toString();
	if (typeof ended === 'string' || !(options.codes ?? [0]).includes(ended)) {
		throw new Error(`${[command, ...args].join(' ')} ended with ${ended}\n${stdout}\n${stderr}`);
	}
	return { stdout, stderr, code: ended };
}
