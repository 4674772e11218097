import type { Socket } from 'node:net';

/** A connection is to be closed: its peer has gone, or breaks the rules. */
export class HangUp extends Error {
	/** What the peer did against the rules; undefined where it only left. */
	readonly fault: string | undefined;

	constructor(fault?: string, options?: ErrorOptions) {
		super(fault ?? 'The peer has gone', options);
		this.fault = fault;
	}
}

/** The bytes of a connection, in pieces of the length that is asked for; nothing is read before it is asked for. */
export class SocketInput {
	readonly #chunks: AsyncIterator<Uint8Array>;
	#rest: Uint8Array = new Uint8Array();

	constructor(socket: Socket) {
		this.#chunks = (socket as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
	}

	/** The next bytes. @param length a sane amount of memory @throws HangUp when they do not come */
	async read(length: number): Promise<Uint8Array> {
		const bytes = new Uint8Array(length);
		await this.#take(length, (piece, at) => bytes.set(piece, at));
		return bytes;
	}

	/** Passes over bytes. @throws HangUp when they do not come */
	async skip(length: number): Promise<void> {
		await this.#take(length, () => undefined);
	}

	async #take(length: number, use: (piece: Uint8Array, at: number) => void): Promise<void> {
		for (let at = 0; at < length;) {
			if (this.#rest.length === 0) this.#rest = await this.#next();
			const piece = this.#rest.subarray(0, length - at);
			use(piece, at);
			at += piece.length;
			this.#rest = this.#rest.subarray(piece.length);
		}
	}

	async #next(): Promise<Uint8Array> {
		// A connection that breaks off has gone all the same.
		const next = await this.#chunks.next().catch(() => undefined);
		if (next === undefined || next.done === true) throw new HangUp();
		return next.value;
	}
}
