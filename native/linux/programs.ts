import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** For programs of an administrator: they may lie where an ordinary user's PATH does not look, and speak English here. */
export const environment: NodeJS.ProcessEnv = {
	...process.env,
	PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
	LC_ALL: 'C',
	// Descriptors that this process has open are no fault of whoever calls LVM.
	LVM_SUPPRESS_FD_WARNINGS: '1',
};

/** Longer than any of them takes, unless it hangs. */
const patience = 120_000;
/** More than any report is long. */
const longestOutput = 64 << 20;

/** How a program failed. */
export interface ProgramFailure {
	/** It is not installed. */
	readonly absent: boolean;
	/** What it said, in one line. */
	readonly reason: string;
}

/** What a program writes to its standard output, or how it failed. */
export async function runProgram(
	name: string,
	args: readonly string[],
): Promise<{ readonly output: string } | ProgramFailure> {
	try {
		const { stdout } = await execute(name, args, {
			env: environment,
			cwd: '/',
			timeout: patience,
			killSignal: 'SIGKILL',
			maxBuffer: longestOutput,
		});
		return { output: stdout };
	} catch (error) {
		const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
		const said = (stderr ?? '')
			.trim()
			.split(/\s*\n\s*/)
			.join('; ');
		return { absent: (code as unknown) === 'ENOENT', reason: said === '' ? message : said };
	}
}
