import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonOutput } from '../../../src/cli/output/output.ts';
import { passwordFromFile } from '../../../src/cli/options/password-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function read(path: string) {
	let said = '';
	const write = (text: string) => (said += text);
	const password = passwordFromFile(path, jsonOutput({ out: { write }, err: { write } }));
	return { password, said };
}

function fileOf(text: string, mode = 0o600): string {
	const path = join(tempFolder(), 'password');
	writeFileSync(path, text);
	chmodSync(path, mode);
	return path;
}

/** What a process of its own reads, started by a shell; standard input is as `stdio` says. */
function shell(command: string, stdin: 'pipe' | 'ignore' | number, input?: string) {
	const module = resolve(import.meta.dirname, '../../../src/cli/options/password-file.ts');
	const script = `import { passwordFromFile } from ${JSON.stringify(module)};
		try {
			const event = ({ advice }) => console.log(advice);
			console.log(JSON.stringify(passwordFromFile(process.env.FILE, { event })));
		} catch (error) { console.log(error.code, error.message) }`;
	const node = `"${process.execPath}" --disable-warning=ExperimentalWarning --input-type=module -e "$SCRIPT"`;
	return spawnSync('bash', ['-c', command.replace('READ', node)], {
		stdio: [stdin, 'pipe', 'inherit'],
		encoding: 'utf8',
		env: { ...process.env, SCRIPT: script },
		...(input === undefined ? {} : { input }),
	}).stdout;
}

describe('a password file', () => {
	it.each([
		['secret', 'secret'],
		['secret\n', 'secret'],
		['with space \r\nmore', 'with space '],
		['Grüße\n', 'Grüße'],
		[`${'x'.repeat(4096)}\r\n`, 'x'.repeat(4096)],
	])('%j gives its first line', (text, password) => {
		expect(read(fileOf(text))).toEqual({ password, said: '' });
	});

	it('that others may read is said', () => {
		const path = fileOf('secret', 0o644);
		expect(read(path).said).toContain(`chmod 600 ${path}`);
	});

	it.each([
		['\nsecret', 'is empty'],
		['', 'is empty'],
		['x'.repeat(4097), 'longer than 4096 bytes'],
	])('that %.0s%s is refused', (text, reason) => {
		const refusal = { code: 'invalid-argument', message: expect.stringContaining(reason) as string };
		expect(() => read(fileOf(text))).toThrow(expect.objectContaining(refusal));
	});

	it('has to be a file', () => {
		const missing = expect.objectContaining({ code: 'source-missing' }) as Error;
		expect(() => read(join(fileOf('secret'), 'x'))).toThrow(missing);
		expect(() => read(tempFolder())).toThrow(missing);
	});
});

// Windows has no such names.
describe.runIf(process.platform === 'linux')('a password from another program', () => {
	it('comes through a pipe, about which nobody is told to change rights', () => {
		expect(shell('echo secret | FILE=/dev/stdin READ', 'ignore')).toBe('"secret"\n');
		expect(shell('exec 9< <(echo secret); FILE=/dev/fd/9 READ', 'ignore')).toBe('"secret"\n');
	});

	it('comes through the socket that a program of Node gives as standard input', () => {
		expect(shell('FILE=/dev/stdin READ', 'pipe', 'secret\nmore')).toBe('"secret"\n');
	});

	it('does not come from a device, whose rights are not looked at', () => {
		expect(shell('FILE=/dev/stdin READ', 'ignore')).toBe('invalid-argument The first line of /dev/stdin is empty\n');
		expect(shell('FILE=/dev/zero READ', 'ignore')).toBe(
			'invalid-argument The first line of /dev/zero is longer than 4096 bytes\n',
		);
	});

	it('comes from a file as standard input, and advice names that file', () => {
		const path = fileOf('secret', 0o644);
		const fd = openSync(path, 'r');
		expect(shell('FILE=/dev/stdin READ', fd)).toBe(`chmod 600 ${path}\n"secret"\n`);
		closeSync(fd);
	});
});
