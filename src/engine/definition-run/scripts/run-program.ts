import { spawn, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { cancelled, throwIfAborted } from '../../../base/abort.ts';
import { hearLines } from './output-lines.ts';
import { mostOutputLines, type ProgramEnd, type ProgramPort } from '../run-ports.ts';

/** Time between asking a program to end and ending it, in milliseconds. */
const grace = 2000;
/** How long the output of a program that has ended may still come, in milliseconds. */
const patience = 500;

export const systemPrograms: ProgramPort = {
	async run({ path, args, env, timeLimit, signal, onLine }) {
		throwIfAborted(signal);
		// A group of its own, so that what the program starts ends with it.
		const child = spawn(path, args, {
			cwd: dirname(path),
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: process.platform !== 'win32',
			windowsHide: true,
			shell: false,
		});
		let lines = 0;
		for (const stream of [child.stdout, child.stderr]) {
			hearLines(stream, (line) => {
				if (++lines <= mostOutputLines) onLine(line);
			});
		}
		let late = false;
		const closed = new Promise<void>((done) => child.once('close', () => done()));
		let force: NodeJS.Timeout | undefined;
		const end = () => {
			killGroup(child, 'SIGTERM');
			force ??= setTimeout(() => killGroup(child, 'SIGKILL'), grace);
		};
		const timer = setTimeout(() => {
			late = true;
			end();
		}, timeLimit * 1000);
		signal.addEventListener('abort', end, { once: true });
		try {
			const result = await new Promise<ProgramEnd>((done) => {
				child.once('error', (error) => done({ kind: 'not-started', reason: error.message }));
				child.once('exit', (code, killedBy) =>
					done(code === null ? { kind: 'signal', signal: killedBy ?? '' } : { kind: 'exit', code }),
				);
			});
			// What is left of the group ends with it, and what has left the group is not waited for.
			if (result.kind !== 'not-started') {
				killGroup(child, 'SIGKILL');
				await soon(closed);
			}
			if (signal.aborted) throw cancelled();
			return late ? { kind: 'time-limit' } : result;
		} finally {
			clearTimeout(timer);
			clearTimeout(force);
			signal.removeEventListener('abort', end);
			child.stdout.destroy();
			child.stderr.destroy();
		}
	},
};

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	try {
		if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
		else process.kill(-child.pid, signal);
	} catch {
		// It has ended by itself.
	}
}

async function soon(event: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	await Promise.race([event, new Promise((late) => (timer = setTimeout(late, patience)))]);
	clearTimeout(timer);
}
