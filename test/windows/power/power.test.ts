import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Windows } from '../support/wine.ts';

test('the system stays awake as long as somebody wants it to, and is shut down, restarted and put to sleep', async () => {
	// Wine takes its own program, even for a full path, unless it is told not to.
	const windows = Windows.forTest({ WINEDLLOVERRIDES: 'mscoree,mshtml=;shutdown.exe=n' });
	const program = join(windows.driveC, 'windows/system32/shutdown.exe');
	// It is a link to a file of all the others.
	rmSync(program, { force: true });
	const source = join(import.meta.dirname, 'shutdown.c');
	const built = spawnSync('x86_64-w64-mingw32-gcc', ['-O1', '-Wall', '-Werror', '-o', program, source], {
		encoding: 'utf8',
	});
	expect(built.stderr).toBe('');
	const { code, out, err } = await windows.script(join(import.meta.dirname, 'power.ts'));
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(JSON.parse(out)).toEqual({
		awake: [false, true, true, false],
		refusal: 'The computer could not be shut down: shutdown.exe /s /t 0 /f: access is denied',
		// ERROR_NO_SUCH_PRIVILEGE
		privileges: [0, 1313],
	});
	expect(readFileSync(join(windows.driveC, 'asked'), 'utf8').trim().split(/\r?\n/)).toEqual([
		'/s /t 0',
		'/r /t 0 /f',
		'/h',
		'/s /t 0 /f',
	]);
});
