import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

/** For programs of an administrator: they may lie where an ordinary user's PATH does not look, and speak English here. */
export const environment: NodeJS.ProcessEnv = {
	...process.env,
	PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
	LC_ALL: 'C',
	// Descriptors that this process has open are no fault of whoever calls LVM.
	LVM_SUPPRESS_FD_WARNINGS: '1',
};

/** Milliseconds, longer than any of them takes, unless it hangs. */
const patience = 120_000;
/** Characters, more than any report is long. */
const longestOutput = 64 << 20;

/** How a program failed. */
export interface ProgramFailure {
	/** It is not installed. */
	readonly absent: boolean;
	/** What it said, in one line. */
	readonly reason: string;
}

/** What else a program gets. */
export interface ProgramGifts {
	/** An open descriptor, which is its number 3. */
	readonly descriptor: number;
	readonly variables: NodeJS.ProcessEnv;
}

/**
 * What a program writes to its standard output, or how it failed. It is in a session of its own: the terminal's signals,
 * which end this process in order, must not end it in the middle of what it does.
 */
export function runProgram(
	name: string,
	args: readonly string[],
	gifts?: ProgramGifts,
): Promise<{ readonly output: string } | ProgramFailure> {
	return new Promise((resolve) => {
		const program = spawn(name, args, {
			env: { ...environment, ...gifts?.variables },
			cwd: '/',
			detached: true,
			timeout: patience,
			killSignal: 'SIGKILL',
			stdio: ['ignore', 'pipe', 'pipe', ...(gifts === undefined ? [] : [gifts.descriptor])],
		});
		const { stdout, stderr } = program as ChildProcessByStdio<null, Readable, Readable>;
		let [output, complaint] = ['', ''];
		stdout.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			if (output.length > longestOutput) program.kill('SIGKILL');
		});
		stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-4096)));
		program.once('error', (error: NodeJS.ErrnoException) =>
			resolve({ absent: error.code === 'ENOENT', reason: error.message }),
		);
		program.once('close', (code, signal) => {
			if (code === 0) return resolve({ output });
			const said = complaint
				.trim()
				.split(/\s*\n\s*/)
				.join('; ');
			resolve({ absent: false, reason: said === '' ? `it ended with ${signal ?? code}` : said });
		});
	});
}
