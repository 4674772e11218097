import { ResponseError, type MessageConnection } from 'vscode-jsonrpc/node';
import { AfterimageError, fromErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import type { EngineMethod, EngineNotification, EngineNotifications, EngineRequests } from '../../protocol/engine.ts';

type Listener<N extends EngineNotification> = (params: EngineNotifications[N]) => void;

/** One connected engine: typed requests and notifications. Errors come back as the errors that the engine threw. */
export class EngineClient {
	readonly #connection: MessageConnection;
	readonly #ended: Promise<void>;
	#over = false;

	constructor(connection: MessageConnection) {
		this.#connection = connection;
		this.#ended = new Promise((done) => {
			// Disposed is later than closed: what the engine said last has been heard.
			connection.onDispose(() => {
				this.#over = true;
				done();
			});
		});
	}

	/** Settles when the engine is gone, by whoever's doing. */
	get ended(): Promise<void> {
		return this.#ended;
	}

	get over(): boolean {
		return this.#over;
	}

	/** @throws AfterimageError what the engine threw, or `engine-lost` when it went before it answered */
	async request<M extends EngineMethod>(
		method: M,
		params: EngineRequests[M]['params'],
	): Promise<EngineRequests[M]['result']> {
		try {
			return await this.#connection.sendRequest<EngineRequests[M]['result']>(method, params);
		} catch (error) {
			if (error instanceof ResponseError && isRecord(error.data)) throw fromErrorRecord(error.data);
			if (this.#over) {
				throw new AfterimageError('engine-lost', 'The imaging engine ended before it answered', {
					advice: 'Try again; if it happens again, look into the output channel Afterimage',
					cause: error,
				});
			}
			throw error;
		}
	}

	/** Returns a function that ends the subscription. */
	on<N extends EngineNotification>(method: N, listener: Listener<N>): () => void {
		const subscription = this.#connection.onNotification(method, listener);
		return () => subscription.dispose();
	}

	dispose(): void {
		this.#connection.dispose();
		this.#connection.end();
	}
}

function isRecord(data: unknown): data is ErrorRecord {
	return (
		typeof data === 'object' &&
		data !== null &&
		typeof (data as ErrorRecord).code === 'string' &&
		typeof (data as ErrorRecord).message === 'string'
	);
}
