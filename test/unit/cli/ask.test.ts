import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ask, withPassword } from '../../../src/cli/options/password.ts';
import { AfterimageError } from '../../../src/base/errors.ts';

/** A terminal, as far as a question needs one. */
class Terminal extends PassThrough {
	readonly isTTY = true;
	/** Whether what is typed does not show by itself. */
	raw = false;
	isGone = false;

	setRawMode(raw: boolean): void {
		if (this.isGone) throw new Error('setRawMode EIO');
		this.raw = raw;
	}
}

let terminal: Terminal;
let screen = '';

beforeEach(() => {
	terminal = new Terminal();
	screen = '';
	vi.spyOn(process, 'stdin', 'get').mockReturnValue(terminal as unknown as typeof process.stdin);
	vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
		screen += String(text);
		return true;
	});
});

afterEach(() => vi.restoreAllMocks());

const never = new AbortController().signal;

it('takes what is typed up to the end of the line, without what was taken back', async () => {
	const answer = ask('Name: ', false, never);
	expect(terminal.raw).toBe(true);
	terminal.write('ab\u007fc\rd');
	expect(await answer).toBe('ac');
	expect(terminal.raw).toBe(false);
	expect(screen).toBe('Name: ab\b \bc\n');
});

it('shows nothing of a password', async () => {
	const answer = ask('Password: ', true, never);
	terminal.write('x\n');
	expect(await answer).toBe('x');
	expect(screen).toBe('Password: \n');
});

it('ends with the run, and gives the terminal back', async () => {
	const run = new AbortController();
	const answer = ask('Password: ', true, run.signal);
	run.abort();
	await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
	expect(terminal.raw).toBe(false);
	expect(terminal.listenerCount('data')).toBe(0);
});

it('ends where the terminal goes away', async () => {
	const answer = ask('Password: ', true, never);
	terminal.isGone = true;
	terminal.end();
	await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
});

it('is not asked once the run was given up', async () => {
	const run = new AbortController();
	const attempt = () => {
		run.abort();
		return Promise.reject(new AfterimageError('password-needed', 'encrypted'));
	};
	await expect(withPassword(undefined, run.signal, attempt)).rejects.toMatchObject({ code: 'cancelled' });
	expect(screen).toBe('');
});
