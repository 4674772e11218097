import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Askpass {
	/** Program for SUDO_ASKPASS. */
	readonly program: string;
	dispose(): void;
}

/**
 * Makes a program that prints the answer of `ask`. It fetches it over a socket in a folder that only this user may enter,
 * so that the password stands in no file, argument or variable. `ask` gives undefined when the user cancels.
 */
export async function startAskpass(
	runtime: string,
	electron: boolean,
	ask: (prompt: string) => Promise<string | undefined>,
): Promise<Askpass> {
	const folder = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'afterimage-askpass-'));
	const path = join(folder, randomBytes(8).toString('hex'));
	const server = createServer((socket) => {
		socket.on('error', () => socket.destroy());
		socket.once('data', (prompt) => {
			ask(prompt.toString().trim()).then(
				(answer) => (answer === undefined ? socket.destroy() : socket.end(`${answer}\n`)),
				() => socket.destroy(),
			);
		});
	});
	await new Promise<void>((done, fail) => {
		server.once('error', fail);
		server.listen(path, done);
	});
	const program = join(folder, 'askpass');
	const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
	const fetchAnswer = `const s = require('net').connect(process.argv[1]); let t = ''; s.write((process.argv[2] || ' ') + '\\n'); s.on('data', (d) => (t += d)); s.on('end', () => { process.stdout.write(t); process.exit(t === '' ? 1 : 0); }); s.on('error', () => process.exit(1)); s.on('close', () => t === '' && process.exit(1));`;
	writeFileSync(
		program,
		`#!/bin/sh\n${electron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}exec ${quote(runtime)} -e ${quote(fetchAnswer)} ${quote(path)} "$1"\n`,
	);
	chmodSync(program, 0o700);
	return {
		program,
		dispose() {
			server.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
