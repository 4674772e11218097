import { chunk, simpleReply, u16Bytes, u32Bytes, u64Bytes } from './messages.ts';
import type { Put, SocketOutput } from './socket-output.ts';
import { Chunk, chunkDone, NbdError } from './values.ts';

/** What a client is told that asks for something which it cannot have; its own user reads it. */
const words: Readonly<Record<number, string>> = {
	[NbdError.notPermitted]: 'A backup is read-only',
	[NbdError.io]: 'The backup cannot be read there; the server has logged why',
	[NbdError.invalid]: 'The request is not one that can be answered',
	[NbdError.overflow]: 'The request is too long for one piece',
	[NbdError.shutdown]: 'The server ends',
};

/** Answers to the requests of one client, in the form that was agreed on. */
export class Replies {
	readonly #output: SocketOutput;
	/** Whether replies consist of chunks that say what they are. */
	readonly structured: boolean;

	constructor(output: SocketOutput, structured: boolean) {
		this.#output = output;
		this.structured = structured;
	}

	/** All is well, and there is nothing more to say. */
	done(cookie: bigint): Promise<void> {
		if (!this.structured) return this.#output.send(simpleReply(cookie, 0));
		return this.#output.send(chunk(cookie, chunkDone, Chunk.none, new Uint8Array()));
	}

	/**
	 * Ends a reply with an error, as {@link NbdError} has it.
	 * @param offset byte of the export where it happened; undefined = the request as a whole
	 */
	fail(cookie: bigint, error: number, offset?: number): Promise<void> {
		if (!this.structured) return this.#output.send(simpleReply(cookie, error));
		const text = Buffer.from(words[error] ?? '', 'utf8');
		const parts = [u32Bytes(error), u16Bytes(text.length), text];
		const type = offset === undefined ? Chunk.error : Chunk.errorOffset;
		if (offset !== undefined) parts.push(u64Bytes(offset));
		return this.#output.send(chunk(cookie, chunkDone, type, Buffer.concat(parts)));
	}

	/** Bytes of the export. @param last whether nothing follows */
	data(cookie: bigint, offset: number, bytes: Uint8Array, last: boolean): Promise<void> {
		const head = chunk(cookie, last ? chunkDone : 0, Chunk.offsetData, u64Bytes(offset), bytes.length);
		return this.#output.send(head, bytes);
	}

	/** Zeros of the export that nothing stores. @param length above 0 and below 2^32 */
	hole(cookie: bigint, offset: number, length: number, last: boolean): Promise<void> {
		const payload = Buffer.concat([u64Bytes(offset), u32Bytes(length)]);
		return this.#output.send(chunk(cookie, last ? chunkDone : 0, Chunk.offsetHole, payload));
	}

	/** What a metadata context says of bytes of the export. @param descriptors length and flags of each extent, in a row */
	status(cookie: bigint, context: number, descriptors: readonly number[]): Promise<void> {
		return this.#output.send(chunk(cookie, chunkDone, Chunk.blockStatus, u32Bytes(context, ...descriptors)));
	}

	/** The data of a read to a client that knows no chunks: once they have begun, all of them have to come. */
	plain(cookie: bigint, send: (put: Put) => Promise<void>): Promise<void> {
		return this.#output.exclusively(async (put) => {
			await put(simpleReply(cookie, 0));
			await send(put);
		});
	}
}
