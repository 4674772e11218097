import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { largestMessage } from '../../../../src/engine/server/bounded-input.ts';
import { proofOf } from '../../../../src/engine/server/token.ts';
import { newMeeting, prepareMeeting, removeMeeting } from '../../../../src/extension/engine/meeting.ts';
import { protocolVersion } from '../../../../src/protocol/engine.ts';
import { engineEntry } from '../../../support/engine.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** An engine process, and what it connects to: sockets of which the test says what they send. */
async function engineAndPeer() {
	const meeting = newMeeting();
	prepareMeeting(meeting);
	const arrived: Socket[] = [];
	const waiting: ((socket: Socket) => void)[] = [];
	const server = createServer((socket) => {
		socket.on('error', () => undefined);
		const next = waiting.shift();
		if (next === undefined) arrived.push(socket);
		else next(socket);
	});
	await new Promise<void>((done) => server.listen(meeting.path, done));
	const child = spawn(process.execPath, [engineEntry, '--connect', meeting.path], {
		env: { ...process.env, AFTERIMAGE_DATA: tempFolder() },
		stdio: ['pipe', 'ignore', 'pipe'],
	});
	onTestFinished(() => {
		child.kill('SIGKILL');
		server.close();
		removeMeeting(meeting);
	});
	let said = '';
	child.stderr.on('data', (data: Buffer) => (said += data.toString()));
	child.stdin.write(`${meeting.token}\n`);
	const peer = () => {
		const socket = arrived.shift();
		return socket === undefined ? new Promise<Socket>((done) => waiting.push(done)) : Promise.resolve(socket);
	};
	return { peer, token: meeting.token, pid: child.pid!, said: () => said };
}

const closedOf = (socket: Socket) => new Promise<void>((done) => socket.once('close', () => done()));

/** Most memory that a process has had, in bytes. */
function mostMemory(pid: number): number {
	return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

describe('engine process: a peer that sends without bound', () => {
	it('is hung up on before it has proved anything, whatever it announces', async () => {
		const { peer, pid, said } = await engineAndPeer();
		const announcing = await peer();
		const memory = mostMemory(pid);
		announcing.write('Content-Length: 2000000000\r\n\r\n');
		await closedOf(announcing);
		const announced = 'at most 1024 bytes before the token is proved, found one of 2000000000';
		await expect.poll(said).toContain(announced);

		const pouring = await peer();
		const closed = closedOf(pouring);
		const mebibyte = Buffer.alloc(2 ** 20, 'x');
		let sent = 0;
		const pour = () => {
			// Two hundred of them are enough to see whether they are kept.
			while (!pouring.destroyed && sent++ < 200) {
				if (!pouring.write(mebibyte)) return void pouring.once('drain', pour);
			}
		};
		pour();
		await closed;
		await expect.poll(said).toContain('bytes before the token is proved, found more');
		expect(mostMemory(pid) - memory).toBeLessThan(100 * 2 ** 20);
		expect(said().match(/The connection is closed: /g)).toHaveLength(2);
	});

	it('is hung up on as a client too, once a message is larger than any that is taken', async () => {
		const { peer, token, said } = await engineAndPeer();
		const socket = await peer();
		const closed = closedOf(socket);
		const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
		connection.listen();
		const challenge = { nonce: 'n', protocol: protocolVersion };
		const { nonce } = await connection.sendRequest<{ nonce: string }>('hello/challenge', challenge);
		await connection.sendRequest('hello/prove', { proof: proofOf(token, 'client', nonce) });
		// The longest list of the longest paths is heard out.
		const files = Array.from({ length: 10_000 }, (_, i) => `/${String(i).padStart(4095, 'n')}`);
		await expect(connection.sendRequest('merge/plan', { files })).rejects.toMatchObject({
			data: {
				code: expect.stringMatching(/.+/) as string,
				message: expect.not.stringContaining('expected a list') as string,
			},
		});
		expect(said()).toBe('');
		socket.write(`Content-Length: ${largestMessage + 1}\r\n\r\n`);
		await closed;
		await expect
			.poll(said)
			.toContain(`The connection is closed: expected a message of at most ${largestMessage} bytes, found`);
	});
});
