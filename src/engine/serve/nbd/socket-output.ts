import type { Socket } from 'node:net';
import { HangUp } from './socket-input.ts';

/** Sends parts of one message, and waits until the peer's system has them. */
export type Put = (...parts: readonly Uint8Array[]) => Promise<void>;

/**
 * Sends messages one after the other. Each is handed on before the next one begins, so that what a peer that does not read
 * makes us keep is what those hold who wait to send.
 */
export class SocketOutput {
	readonly #socket: Socket;
	#last: Promise<void> = Promise.resolve();

	constructor(socket: Socket) {
		this.#socket = socket;
	}

	/** Sends a message that is at hand. @throws HangUp */
	send(...parts: readonly Uint8Array[]): Promise<void> {
		return this.exclusively((put) => put(...parts));
	}

	/** Lets `use` send while nobody else does. @throws HangUp, and what `use` throws */
	exclusively(use: (put: Put) => Promise<void>): Promise<void> {
		const sent = this.#last.then(() => use((...parts) => this.#put(parts)));
		this.#last = sent.catch(() => undefined);
		return sent;
	}

	/** Closes the connection, whatever is still to be sent. */
	hangUp(): void {
		this.#socket.destroy();
	}

	async #put(parts: readonly Uint8Array[]): Promise<void> {
		if (this.#socket.destroyed) throw new HangUp();
		await new Promise<void>((resolve, reject) => {
			this.#socket.cork();
			for (const [i, part] of parts.entries()) {
				if (i < parts.length - 1) this.#socket.write(part);
				else this.#socket.write(part, (error) => (error ? reject(new HangUp()) : resolve()));
			}
			this.#socket.uncork();
		});
	}
}
