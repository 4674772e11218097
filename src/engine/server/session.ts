import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import {
	createMessageConnection,
	ResponseError,
	SocketMessageWriter,
	type CancellationToken,
	type MessageConnection,
} from 'vscode-jsonrpc/node';
import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import { integer, object, text } from '../../protocol/check.ts';
import { protocolVersion, type EngineMethod } from '../../protocol/engine.ts';
import { engineChecks } from '../../protocol/engine-checks.ts';
import { boundedReader } from './bounded-input.ts';
import type { EngineService, Notify } from './service.ts';
import { isProof, proofOf } from './token.ts';

/** JSON-RPC error code of every error that carries an ErrorRecord in its data. */
const applicationError = -32_000;

const challengeCheck = object({ nonce: text(128), protocol: integer(0, 1_000_000) });
const proofCheck = object({ proof: text(128) });

export interface Session {
	readonly notify: Notify;
	/** Settles when the connection has ended, for whatever reason. */
	readonly closed: Promise<void>;
	/** Whether the other side has proved that it has the token. */
	readonly proved: () => boolean;
	close(): void;
}

/**
 * Serves one connection. Until the client has proved the token, every request but the handshake's ends it, and so does a
 * message that is larger than the handshake's; afterwards each request's parameters are checked before the service sees them.
 * @param tell hears why the connection is ended when its peer sends what no client does
 */
export function serveSession(
	socket: Socket,
	token: string,
	service: EngineService,
	tell: (line: string) => void = () => undefined,
): Session {
	const handshake = new Handshake(token);
	const end = () => socket.destroy();
	const refuse = (objection: string) => {
		tell(`The connection is closed: ${objection}`);
		end();
	};
	const reader = boundedReader(socket, () => handshake.isProved, refuse);
	const connection = createMessageConnection(reader, new SocketMessageWriter(socket));
	connection.onRequest('hello/challenge', (params: unknown) => answer(() => handshake.challenge(params)));
	connection.onRequest('hello/prove', (params: unknown) => {
		const { proof } = answer(() => proofCheck(params, 'hello/prove'));
		if (!handshake.prove(proof)) {
			end();
			throw refusal(new AfterimageError('permission-denied', 'The client did not prove that it started this engine'));
		}
		return null;
	});
	for (const method of Object.keys(engineChecks) as EngineMethod[]) {
		connection.onRequest(method, (params: unknown, cancel: CancellationToken) => {
			if (!handshake.isProved) {
				end();
				throw refusal(new AfterimageError('permission-denied', `${method} before the handshake`));
			}
			return perform(service, method, params, cancel);
		});
	}

	const closed = new Promise<void>((done) => {
		connection.onClose(() => done());
		socket.once('close', () => done());
	}).finally(() => connection.dispose());
	socket.on('error', end);
	connection.onError(end);
	connection.listen();
	return {
		notify: (method, params) => {
			if (handshake.isProved) void sendQuietly(connection, method, params);
		},
		closed,
		proved: () => handshake.isProved,
		// What was written before still goes out.
		close: () => void socket.end(),
	};
}

/** Each side proves to the other that it has the token, which neither sends. */
class Handshake {
	readonly #token: string;
	#nonce: string | undefined;
	#isProved = false;

	constructor(token: string) {
		this.#token = token;
	}

	/** Whether the client has proved it. */
	get isProved(): boolean {
		return this.#isProved;
	}

	/** Answers the client's challenge, with one of its own. @throws AfterimageError `invalid-argument`, `not-supported` */
	challenge(params: unknown): { readonly proof: string; readonly nonce: string } {
		const { nonce: theirs, protocol } = challengeCheck(params, 'hello/challenge');
		if (protocol !== protocolVersion) {
			throw new AfterimageError(
				'not-supported',
				`Protocol ${protocol} asked for; this engine speaks ${protocolVersion}`,
			);
		}
		this.#nonce = randomBytes(32).toString('hex');
		return { proof: proofOf(this.#token, 'engine', theirs), nonce: this.#nonce };
	}

	/** Takes the answer to the challenge. @returns false when it proves nothing */
	prove(proof: string): boolean {
		if (this.#nonce === undefined || !isProof(this.#token, 'client', this.#nonce, proof)) return false;
		this.#isProved = true;
		return true;
	}
}

async function perform<M extends EngineMethod>(
	service: EngineService,
	method: M,
	params: unknown,
	cancel: CancellationToken,
): Promise<unknown> {
	const checked = answer(() => engineChecks[method](params, method));
	const controller = new AbortController();
	const listener = cancel.onCancellationRequested(() => controller.abort());
	try {
		return await service[method](checked, controller.signal);
	} catch (error) {
		throw refusal(error);
	} finally {
		listener.dispose();
	}
}

function answer<T>(check: () => T): T {
	try {
		return check();
	} catch (error) {
		throw refusal(error);
	}
}

function refusal(error: unknown): ResponseError<unknown> {
	const record = toErrorRecord(error);
	return new ResponseError(applicationError, record.message, record);
}

/** A client that has just gone is no error of a job that reports its progress; a connection that has ended throws at once. */
async function sendQuietly(connection: MessageConnection, method: string, params: unknown): Promise<void> {
	try {
		await connection.sendNotification(method, params);
	} catch {
		// The next window asks for the jobs' state.
	}
}
