import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Windows, windowsPath } from './support/wine.ts';

test('node runs there, with its own exit code and output, and calls the system through koffi', async () => {
	const windows = Windows.forTest();
	const file = join(windows.folder, 'probe.ts');
	writeFileSync(
		file,
		`import koffi from 'koffi';
		const id: () => number = koffi.load('kernel32.dll').func('uint32_t __stdcall GetCurrentProcessId()');
		console.log(JSON.stringify([process.platform, id() === process.pid, process.argv.slice(2)]));
		console.error('on the other stream');
		process.exit(7);`,
	);
	const { code, out, err } = await windows.script(file, [windowsPath('/tmp'), 'ä b']);
	expect({ code, err: err.trim() }).toEqual({ code: 7, err: 'on the other stream' });
	expect(JSON.parse(out)).toEqual(['win32', true, ['Z:\\tmp', 'ä b']]);
});

test('a program that does not end is ended', async () => {
	const windows = Windows.forTest();
	await expect(windows.node(['-e', 'setInterval(() => {}, 1000)'], { timeout: 8000 })).rejects.toThrow('did not end');
});

test('it stays up between programs when asked to', async () => {
	const windows = Windows.forTest();
	await windows.keepUp();
	const { out } = await windows.run('cmd', ['/c', 'echo', 'one']);
	expect(out.trim()).toBe('one');
});
