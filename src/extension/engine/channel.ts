import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

/** A meeting place with a new token, in a folder that only this user may enter. */
export function newMeeting(): Meeting {
	const token = randomBytes(32).toString('base64url');
	const name = randomBytes(16).toString('hex');
	if (process.platform === 'win32') return { path: `\\\\.\\pipe\\afterimage-${name}`, token };
	return { path: join(privateFolder(), name.slice(0, 16)), token };
}

/** The user's one folder for sockets; where its name is taken by somebody else's, a new one of its own. */
function privateFolder(): string {
	const base = process.env['XDG_RUNTIME_DIR'] ?? tmpdir();
	const uid = process.getuid!();
	const folder = join(base, `afterimage-${uid}`);
	return makePrivate(folder, uid) ? folder : mkdtempSync(join(base, 'afterimage-'));
}

/** Whether the folder is there, or is made, so that only this user may enter it. */
function makePrivate(folder: string, uid: number): boolean {
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch {
		return false; // something else has the name
	}
	const stat = lstatSync(folder);
	return stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0;
}

/** Removes what is left of a meeting whose engine has ended. */
export function removeMeeting(meeting: Meeting): void {
	if (process.platform !== 'win32') rmSync(meeting.path, { force: true });
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
