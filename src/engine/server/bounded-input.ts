import type { Socket } from 'node:net';
import { Disposable, ReadableStreamMessageReader, type MessageReader } from 'vscode-jsonrpc/node';

/** Longest header of a message, in bytes; that of a client has some 25. */
const longestHeader = 256;
/**
 * Largest message, and all messages together, of a peer that has not proved the token, in bytes. The two of the handshake
 * have some 300 together; whoever asks for more, however often, makes this process keep and answer no more than this.
 */
const strangersMessage = 1024;
const strangersTotal = 8 * 1024;
/** Largest message of a client, in bytes: room for lists of 10,000 paths of 4,096 bytes, the longest that are taken. */
export const largestMessage = 64 * 2 ** 20;

/** Looks at the bytes of a connection before anything keeps them: nothing else bounds what a message may announce. */
export class InputBounds {
	readonly #isClient: () => boolean;
	/** What has come of a header, a character a byte. */
	#header = '';
	/** Bytes of the message's body that are still to come. */
	#left = 0;
	#total = 0;

	/** @param isClient whether the peer has proved the token by now */
	constructor(isClient: () => boolean) {
		this.#isClient = isClient;
	}

	/** What is wrong with the next bytes of the connection; nothing that comes after it is to be read. */
	objectionTo(bytes: Uint8Array): string | undefined {
		this.#total += bytes.length;
		if (this.#total > strangersTotal && !this.#isClient()) {
			return `expected at most ${strangersTotal} bytes before the token is proved, found more`;
		}
		for (let at = 0; at < bytes.length;) {
			if (this.#left > 0) {
				const length = Math.min(this.#left, bytes.length - at);
				this.#left -= length;
				at += length;
				continue;
			}
			this.#header += String.fromCharCode(bytes[at++]!);
			if (this.#header.endsWith('\r\n\r\n')) {
				const objection = this.#begin(this.#header);
				if (objection !== undefined) return objection;
				this.#header = '';
			} else if (this.#header.length >= longestHeader) {
				return `expected a header of at most ${longestHeader} bytes, found a longer one`;
			}
		}
		return undefined;
	}

	/**
	 * Begins the message of a header, which has to be such that everybody reads the same length in it: one Content-Length
	 * alone, a plain number.
	 */
	#begin(header: string): string | undefined {
		const match = /^Content-Length: ?(\d+)\r\n\r\n$/i.exec(header);
		if (match === null) return `expected a header of one Content-Length, found ${JSON.stringify(header)}`;
		const length = Number(match[1]);
		const client = this.#isClient();
		const most = client ? largestMessage : strangersMessage;
		if (length > most) {
			const when = client ? '' : ' before the token is proved';
			return `expected a message of at most ${most} bytes${when}, found one of ${match[1]}`;
		}
		this.#left = length;
		return undefined;
	}
}

/**
 * Reads the messages of a socket as far as {@link InputBounds} has nothing against them.
 * @param refuse is told once what is wrong; no more is read then
 */
export function boundedReader(
	socket: Socket,
	isClient: () => boolean,
	refuse: (objection: string) => void,
): MessageReader {
	const bounds = new InputBounds(isClient);
	let refused = false;
	const on = (event: string, listener: (value: Uint8Array) => void) => {
		socket.on(event, listener);
		return Disposable.create(() => socket.off(event, listener));
	};
	return new ReadableStreamMessageReader({
		onData: (listener) =>
			on('data', (bytes) => {
				if (refused) return;
				const objection = bounds.objectionTo(bytes);
				if (objection === undefined) return listener(bytes);
				refused = true;
				refuse(objection);
			}),
		onClose: (listener) => on('close', listener),
		onError: (listener) => on('error', listener),
		onEnd: (listener) => on('end', listener),
	});
}
