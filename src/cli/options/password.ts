import { cancelled, throwIfAborted } from '../../base/abort.ts';
import { isAfterimageError } from '../../base/errors.ts';
import type { Output } from '../output/output.ts';
import { passwordFromFile } from './password-file.ts';

/** The password that was given, or undefined. */
export function givenPassword(file: string | undefined, output: Output): string | undefined {
	return file === undefined ? undefined : passwordFromFile(file, output);
}

/**
 * Runs `attempt` with the password given, or without one; when it turns out to be needed and a person is there, asks.
 * @throws AfterimageError `password-needed` when nobody can be asked, and what {@link ask} and `attempt` throw
 */
export async function withPassword<T>(
	password: string | undefined,
	signal: AbortSignal,
	attempt: (password: string | undefined) => Promise<T>,
): Promise<T> {
	try {
		return await attempt(password);
	} catch (error) {
		if (!isAfterimageError(error, 'password-needed') || !process.stdin.isTTY) throw error;
		return attempt(await ask('Password: ', true, signal));
	}
}

/**
 * Asks on the terminal.
 * @param hidden what is typed does not show
 * @throws AfterimageError `cancelled` on Ctrl-C or Ctrl-D, by the signal, and where the terminal goes away
 */
export function ask(question: string, hidden: boolean, signal: AbortSignal): Promise<string> {
	throwIfAborted(signal);
	const input = process.stdin;
	return new Promise((resolve, reject) => {
		let typed = '';
		const end = () => {
			input.off('data', onData).off('end', cancel);
			signal.removeEventListener('abort', cancel);
			showTyping();
			input.pause();
			process.stderr.write('\n');
		};
		const cancel = () => {
			end();
			reject(cancelled());
		};
		const onData = (data: string) => {
			for (const character of data) {
				if (character === '\r' || character === '\n') {
					end();
					return resolve(typed);
				}
				if (character === '\u0003' || character === '\u0004') return cancel();
				if (character === '\u007f' || character === '\b') {
					if (typed !== '' && !hidden) process.stderr.write('\b \b');
					typed = typed.slice(0, -1);
				} else {
					typed += character;
					if (!hidden) process.stderr.write(character);
				}
			}
		};
		input.setEncoding('utf8');
		input.setRawMode(true);
		input.resume();
		input.on('data', onData).once('end', cancel);
		signal.addEventListener('abort', cancel, { once: true });
		// Last: whoever answers the question at once finds the terminal's own echo off.
		process.stderr.write(question);
	});
}

function showTyping(): void {
	try {
		process.stdin.setRawMode(false);
	} catch {
		// The terminal has gone.
	}
}
