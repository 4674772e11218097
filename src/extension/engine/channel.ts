import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import {
	createMessageConnection,
	SocketMessageReader,
	SocketMessageWriter,
	type MessageConnection,
} from 'vscode-jsonrpc/node';
import { protocolVersion } from '../../protocol/engine.ts';
import { prepareMeeting, type Meeting } from './meeting.ts';

/**
 * Listens at the meeting place until an engine connects that proves the token; others are hung up on.
 * @throws when `signal` aborts or the place cannot be listened at
 */
export async function awaitEngine(meeting: Meeting, signal: AbortSignal): Promise<MessageConnection> {
	prepareMeeting(meeting);
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
