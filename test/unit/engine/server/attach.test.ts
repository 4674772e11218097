import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
	createMessageConnection,
	SocketMessageReader,
	SocketMessageWriter,
	type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { attach, type Attachment } from '../../../../src/engine/server/attach.ts';
import { JobRegistry } from '../../../../src/engine/server/job-registry.ts';
import type { EngineService } from '../../../../src/engine/server/service.ts';
import { serveSession } from '../../../../src/engine/server/session.ts';
import { proofOf, readToken } from '../../../../src/engine/server/token.ts';
import { protocolVersion } from '../../../../src/protocol/engine.ts';

let folder: string;
let path: string;
let server: Server;
let waiting: ((socket: Socket) => void)[];
let arrived: Socket[];
const token = randomBytes(32).toString('base64url');

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-attach-'));
	path = join(folder, 'engine');
	waiting = [];
	arrived = [];
	server = createServer((socket) => {
		const next = waiting.shift();
		if (next === undefined) arrived.push(socket);
		else next(socket);
	});
	await new Promise<void>((done) => server.listen(path, done));
});

afterEach(() => {
	server.close();
	rmSync(folder, { recursive: true });
});

function nextSocket(): Promise<Socket> {
	const socket = arrived.shift();
	return socket === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(socket);
}

function speak(socket: Socket): MessageConnection {
	const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
	// Requests that still wait are rejected when the engine hangs up.
	socket.once('close', () => connection.dispose());
	connection.listen();
	return connection;
}

async function prove(connection: MessageConnection, withToken = token): Promise<string> {
	const challenge = await connection.sendRequest<{ proof: string; nonce: string }>('hello/challenge', {
		nonce: 'n1',
		protocol: protocolVersion,
	});
	await connection.sendRequest('hello/prove', { proof: proofOf(withToken, 'client', challenge.nonce) });
	return challenge.proof;
}

/** A service whose listing of runs is the only answer the tests need. */
function service(registry: () => JobRegistry): EngineService {
	const refuse = () => Promise.reject(new AfterimageError('not-supported', 'not in this test'));
	return {
		'engine/info': refuse,
		'disks/list': refuse,
		'folder/list': ({ folder: asked }) =>
			Promise.reject(new AfterimageError('source-missing', `No folder ${asked}`, { advice: 'Look again' })),
		'image/inspect': refuse,
		'image/compare': refuse,
		'image/dependants': refuse,
		'image/partitions': refuse,
		'files/list': refuse,
		'files/stat': refuse,
		'files/read': refuse,
		'merge/plan': refuse,
		'restore/preview': refuse,
		'rights/open': refuse,
		'rights/restrict': refuse,
		'jobs/start': refuse,
		'jobs/list': () => Promise.resolve(registry().list()),
		'jobs/cancel': ({ id }) => Promise.resolve(registry().cancel(id)).then(() => null),
		'runs/running': () => Promise.resolve([]),
		'runs/list': ({ limit }) => Promise.resolve(limit === 1 ? [] : []),
		'definitions/due': refuse,
		'engine/shutdown': refuse,
	};
}

function start(running: () => number = () => 0): {
	attachment: Attachment;
	registry: JobRegistry;
	shutdown: () => void;
} {
	let shutdown!: () => void;
	const told = new Promise<void>((done) => (shutdown = done));
	const registry = new JobRegistry((method, params) => attachment.notify(method, params));
	const attachment: Attachment = attach({
		path,
		token,
		service: service(() => registry),
		running: () => running() + registry.running,
		shutdown: told,
		grace: 200,
		pause: 20,
	});
	return { attachment, registry, shutdown };
}

describe('attach', () => {
	it('proves the token to the client and answers it once the client has proved it too', async () => {
		const { attachment, shutdown } = start();
		const connection = speak(await nextSocket());
		expect(await prove(connection)).toBe(proofOf(token, 'engine', 'n1'));
		expect(await connection.sendRequest('jobs/list', {})).toEqual([]);
		shutdown();
		await attachment.done;
	});

	it('ends the connection of a client with another token, and answers it nothing', async () => {
		const { attachment } = start();
		const socket = await nextSocket();
		const connection = speak(socket);
		await expect(prove(connection, 'x'.repeat(43))).rejects.toThrow();
		await new Promise<void>((done) => (socket.destroyed ? done() : socket.once('close', () => done())));
		server.close();
		await attachment.done;
	});

	it('ends a connection that asks before the handshake', async () => {
		const { attachment, shutdown } = start();
		const socket = await nextSocket();
		await expect(speak(socket).sendRequest('jobs/list', {})).rejects.toThrow();
		shutdown();
		await attachment.done;
	});

	it('refuses parameters that are not what the method takes, naming the field', async () => {
		const { attachment, shutdown } = start();
		const connection = speak(await nextSocket());
		await prove(connection);
		await expect(connection.sendRequest('runs/list', { limit: 'all' })).rejects.toMatchObject({
			data: { code: 'invalid-argument', message: expect.stringContaining('runs/list.limit') as string },
		});
		await expect(connection.sendRequest('runs/list', { limit: 1, more: 1 })).rejects.toMatchObject({
			data: { code: 'invalid-argument' },
		});
		shutdown();
		await attachment.done;
	});

	it('carries an error with its code and advice', async () => {
		const { attachment, shutdown } = start();
		const connection = speak(await nextSocket());
		await prove(connection);
		await expect(connection.sendRequest('folder/list', { folder: '/nowhere' })).rejects.toMatchObject({
			data: { code: 'source-missing', advice: 'Look again' },
		});
		shutdown();
		await attachment.done;
	});

	it('tells a client that has gone nothing, without a fault', async () => {
		const session = serveSession(
			connect(path),
			token,
			service(() => new JobRegistry(() => undefined)),
		);
		const socket = await nextSocket();
		await prove(speak(socket));
		socket.destroy();
		await session.closed;
		const line = { time: '', level: 'info' as const, text: 'done' };
		expect(() => session.notify('jobs/log', { id: '1', line })).not.toThrow();
	});

	it('hangs up on one that listens and proves nothing, and ends without a client', async () => {
		const { attachment } = start();
		const socket = await nextSocket();
		socket.resume();
		await new Promise<void>((done) => socket.once('close', () => done()));
		server.close();
		await attachment.done;
	});

	it('stays with a client that has proved the token, however little it says', async () => {
		const { attachment, shutdown } = start();
		const connection = speak(await nextSocket());
		await prove(connection);
		await new Promise((later) => setTimeout(later, 400));
		expect(await connection.sendRequest('jobs/list', {})).toEqual([]);
		shutdown();
		await attachment.done;
	});

	it('keeps a job when its window goes, and tells a new window how it ended', async () => {
		const { attachment, registry, shutdown } = start();
		const first = await nextSocket();
		await prove(speak(first));
		let finish!: () => void;
		const work = new Promise<void>((done) => (finish = done));
		registry.start({ kind: 'verify', file: '/a' }, 'Verify /a', async (reporter) => {
			await work;
			reporter.log('info', 'all blocks agree');
			return { outcome: 'success', summary: 'ok', files: [], bytesRead: 1, bytesWritten: 0 };
		});
		first.destroy();
		const second = speak(await nextSocket());
		const ended = new Promise<unknown>((done) => second.onNotification('jobs/ended', done));
		await prove(second);
		expect(await second.sendRequest('jobs/list', {})).toMatchObject([{ title: 'Verify /a' }]);
		finish();
		expect(await ended).toMatchObject({ result: { outcome: 'success' } });
		shutdown();
		await attachment.done;
	});

	it('ends by itself when its client has gone and nothing runs', async () => {
		const { attachment } = start();
		const socket = await nextSocket();
		await prove(speak(socket));
		server.close();
		socket.destroy();
		await attachment.done;
	});
});

describe('JobRegistry', () => {
	it('reports a cancelled and a failed job as such, without a stack', async () => {
		const results: unknown[] = [];
		const registry = new JobRegistry((method, params) => {
			if (method === 'jobs/ended') results.push((params as { result: unknown }).result);
		});
		const cancelled = registry.start(
			{ kind: 'verify', file: '/a' },
			'a',
			(_, signal) =>
				new Promise((_done, fail) =>
					signal.addEventListener('abort', () => fail(new AfterimageError('cancelled', 'Cancelled'))),
				),
		);
		registry.start({ kind: 'verify', file: '/b' }, 'b', () => Promise.reject(new TypeError('b is not a function')));
		registry.cancel(cancelled.id);
		await new Promise((done) => setTimeout(done, 10));
		expect(results).toMatchObject([{ outcome: 'cancelled' }, { outcome: 'failed', summary: 'b is not a function' }]);
		expect(registry.running).toBe(0);
		expect(JSON.stringify(results)).not.toContain('at ');
	});
});

describe('JobRegistry at the end of its process', () => {
	it('waits for jobs that are cancelled, and fails them with the fault that ends it', async () => {
		const results: unknown[] = [];
		const registry = new JobRegistry((method, params) => {
			if (method === 'jobs/ended') results.push((params as { result: unknown }).result);
		});
		const running = new Promise<void>((begun) => {
			registry.start({ kind: 'verify', file: '/a' }, 'a', (reporter, signal) => {
				reporter.logAt('/runs/a.log');
				begun();
				return new Promise((_done, fail) =>
					signal.addEventListener('abort', () => fail(new AfterimageError('cancelled', 'Cancelled'))),
				);
			});
		});
		await running;
		await registry.cancelAll(new TypeError('broken'));
		expect(results).toMatchObject([{ outcome: 'failed', summary: 'broken', logPath: '/runs/a.log' }]);
		await registry.cancelAll();
		expect(results).toHaveLength(1);
	});
});

describe('readToken', () => {
	it('takes the first line of standard input', async () => {
		expect(await readToken(Readable.from([`${token.slice(0, 10)}`, `${token.slice(10)}\nrest`]))).toBe(token);
	});

	it('refuses anything else', async () => {
		await expect(readToken(Readable.from(['short\n']))).rejects.toMatchObject({ code: 'invalid-argument' });
		await expect(readToken(new Readable({ read: () => undefined }), 20)).rejects.toMatchObject({
			code: 'invalid-argument',
		});
	});
});
