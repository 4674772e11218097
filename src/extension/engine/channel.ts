import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import {
	createMessageConnection,
	SocketMessageReader,
	SocketMessageWriter,
	type MessageConnection,
	type MessageStrategy,
} from 'vscode-jsonrpc/node';
import { protocolVersion } from '../../protocol/engine.ts';
import { prepareMeeting, type Meeting } from './meeting.ts';

/** Turns of the event loop that the next of the messages that have arrived takes at most: it is decoded in some of them. */
const turnsOfMessage = 50;

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
	let handled = 0;
	const messageStrategy: MessageStrategy = {
		handleMessage: (message, next) => {
			handled++;
			return next(message);
		},
	};
	const connection = createMessageConnection(
		new SocketMessageReader(socket),
		new SocketMessageWriter(socket),
		undefined,
		{ messageStrategy },
	);
	// A request that waits when the engine goes is rejected, instead of waiting for ever; what the engine said last is heard first.
	socket.once('close', () => void quiet(() => handled).then(() => connection.dispose()));
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

/** Settles when the count of handled messages stands still: all that have arrived were handled. */
async function quiet(count: () => number): Promise<void> {
	let before = count();
	for (let turn = 0; turn < turnsOfMessage; turn++) {
		await new Promise((next) => setImmediate(next));
		if (count() !== before) turn = 0;
		before = count();
	}
}
