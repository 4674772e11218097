import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { cancelled, throwIfAborted } from '../../base/abort.ts';
import { mostOutputLines, type ProgramEnd, type ProgramPort } from './run-ports.ts';

/** Time between asking a program to end and ending it, in milliseconds. */
const grace = 2000;

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
		const hear = (stream: Readable) =>
			createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
				if (++lines <= mostOutputLines) onLine(line);
			});
		hear(child.stdout);
		hear(child.stderr);
		let late = false;
		const kill = (name: NodeJS.Signals) => {
			try {
				if (process.platform === 'win32' || child.pid === undefined) child.kill(name);
				else process.kill(-child.pid, name);
			} catch {
				// It has ended by itself.
			}
		};
		let force: NodeJS.Timeout | undefined;
		const end = () => {
			kill('SIGTERM');
			force ??= setTimeout(() => kill('SIGKILL'), grace);
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
			// What is left of the group holds its output open, and is not waited for.
			if (result.kind !== 'not-started') kill('SIGKILL');
			if (signal.aborted) throw cancelled();
			return late ? { kind: 'time-limit' } : result;
		} finally {
			clearTimeout(timer);
			clearTimeout(force);
			signal.removeEventListener('abort', end);
		}
	},
};
