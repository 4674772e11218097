import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	createMessageConnection,
	SocketMessageReader,
	SocketMessageWriter,
	type MessageConnection,
} from 'vscode-jsonrpc/node';
import { protocolVersion } from '../../protocol/engine.ts';

/** Where an engine finds its client again, and what both must know. The token is a secret: it goes to no log and no argument. */
export interface Meeting {
	/** Unix socket in a folder that only this user may enter, or a named pipe. */
	readonly path: string;
	readonly token: string;
}

/** A meeting place with a new token, in a new private folder. */
export function newMeeting(): Meeting {
	const token = randomBytes(32).toString('base64url');
	if (process.platform === 'win32')
		return { path: `\\\\.\\pipe\\afterimage-${randomBytes(16).toString('hex')}`, token };
	const folder = mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'afterimage-'));
	return { path: join(folder, 'engine'), token };
}

/** Removes the private folder of a meeting whose engine has ended. */
export function removeMeeting(meeting: Meeting): void {
	if (process.platform !== 'win32') rmSync(join(meeting.path, '..'), { recursive: true, force: true });
}

/**
 * Listens at the meeting place until an engine connects that proves the token; others are hung up on.
 * @throws when `signal` aborts or the place cannot be listened at
 */
export async function awaitEngine(meeting: Meeting, signal: AbortSignal): Promise<MessageConnection> {
	if (process.platform !== 'win32') rmSync(meeting.path, { force: true });
	const server = createServer();
	try {
		return await new Promise<MessageConnection>((done, fail) => {
			const onAbort = () => fail(signal.reason instanceof Error ? signal.reason : new Error('Cancelled'));
			if (signal.aborted) return onAbort();
			signal.addEventListener('abort', onAbort, { once: true });
			server.on('error', fail);
			server.on('connection', (socket: Socket) => {
				greet(socket, meeting.token).then(
					(connection) => {
						signal.removeEventListener('abort', onAbort);
						done(connection);
					},
					() => socket.destroy(),
				);
			});
			server.listen(meeting.path);
		});
	} finally {
		closeListener(server);
	}
}

/** Stops listening; the accepted connection stays. */
function closeListener(server: Server): void {
	server.close();
}

async function greet(socket: Socket, token: string): Promise<MessageConnection> {
	const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
	// A request that waits when the engine goes is rejected, instead of waiting for ever.
	socket.once('close', () => connection.dispose());
	socket.on('error', () => socket.destroy());
	connection.listen();
	const nonce = randomBytes(32).toString('hex');
	const answer = await connection.sendRequest<{ proof: string; nonce: string }>('hello/challenge', {
		nonce,
		protocol: protocolVersion,
	});
	const expected = createHmac('sha256', token).update('engine').update(nonce).digest();
	const found = Buffer.from(answer.proof, 'hex');
	if (found.length !== expected.length || !timingSafeEqual(found, expected))
		throw new Error('The process that connected did not prove the token');
	const proof = createHmac('sha256', token).update('client').update(answer.nonce).digest('hex');
	await connection.sendRequest('hello/prove', { proof });
	return connection;
}
