import type { Socket } from 'node:net';
import { toErrorRecord } from '../../../base/errors.ts';
import type { Export, Exports } from '../exports.ts';
import { hostAndPort } from '../listen.ts';
import { negotiate } from './negotiation.ts';
import { SharedReader } from './shared-reader.ts';
import { HangUp, SocketInput } from './socket-input.ts';
import { SocketOutput } from './socket-output.ts';
import { transmit, type Service } from './transmission.ts';

/** Clients at once; each may make the server keep some 4 MiB. */
export const mostClients = 32;
/** Milliseconds that a client has to choose an export. */
const patience = 60_000;
/** Milliseconds that it has at least; then it gives its place to another when there are too many. */
const shortPatience = 3000;
/** Milliseconds after which an idle connection is asked whether its other end is still there. */
const keepAlive = 60_000;
/** Milliseconds that answers under way have when the server ends. */
const lastAnswers = 500;

/** What becomes of clients. */
export interface ServerEvents {
	/** A client has chosen an export. */
	onClient(client: Client): void;
	/** A client that had chosen an export has gone. */
	onGone(client: Client): void;
	/** A client broke the rules and was hung up on. */
	onFault(client: Client, fault: string): void;
	/** A client was turned away, as there were too many already. */
	onRefused(): void;
	/** Something of an export could not be read. */
	onFailure: Service['onFailure'];
}

export interface Client {
	/** Counted from 1. */
	readonly number: number;
	/** Address and port; undefined where it came by a path. */
	readonly address: string | undefined;
	/** Undefined until it has chosen. */
	readonly export: Export | undefined;
	/** Bytes that were sent to it. */
	readonly bytes: number;
}

/** Serves exports over connections that others accept. */
export class NbdServer {
	readonly #exports: Exports;
	readonly #events: ServerEvents;
	readonly #reader = new SharedReader();
	readonly #clients = new Map<Socket, Promise<void>>();
	/** Those that have not chosen an export, with the milliseconds of `performance.now()` when they came, the first to come first. */
	readonly #choosing = new Map<Socket, number>();
	#count = 0;
	#stopping = false;

	constructor(exports: Exports, events: ServerEvents) {
		this.#exports = exports;
		this.#events = events;
	}

	/** Takes a connection, unless there are too many already. */
	accept(socket: Socket): void {
		// Whoever waits for the connection hears of its end; an error that nobody listens for would end the process.
		socket.on('error', () => undefined);
		if (this.#stopping || !this.#hasPlace()) {
			socket.destroy();
			if (!this.#stopping) this.#events.onRefused();
			return;
		}
		socket.setNoDelay(true);
		socket.setKeepAlive(true, keepAlive);
		const served = this.#serve(socket).finally(() => {
			socket.destroy();
			this.#clients.delete(socket);
		});
		this.#clients.set(socket, served);
	}

	/** Whether there is a place for another; one that takes its time to choose makes it. */
	#hasPlace(): boolean {
		const places = [...this.#clients.keys()].filter(({ destroyed }) => !destroyed).length;
		if (places < mostClients) return true;
		const [slowest] = this.#choosing;
		if (slowest === undefined || performance.now() - slowest[1] < shortPatience) return false;
		this.#choosing.delete(slowest[0]);
		slowest[0].destroy();
		return true;
	}

	/** Lets answers under way end, for a moment, and hangs up on everybody. */
	async close(): Promise<void> {
		this.#stopping = true;
		const timer = setTimeout(() => {
			for (const socket of this.#clients.keys()) socket.destroy();
		}, lastAnswers);
		await Promise.all(this.#clients.values());
		clearTimeout(timer);
	}

	async #serve(socket: Socket): Promise<void> {
		const { remoteAddress, remotePort } = socket;
		const client = {
			number: ++this.#count,
			address: remoteAddress === undefined ? undefined : hostAndPort(remoteAddress, remotePort ?? 0),
			export: undefined as Export | undefined,
			get bytes() {
				return socket.bytesWritten;
			},
		};
		const input = new SocketInput(socket);
		const output = new SocketOutput(socket);
		const stopping = () => this.#stopping;
		const timer = setTimeout(() => socket.destroy(), patience);
		this.#choosing.set(socket, performance.now());
		try {
			const choice = await negotiate(input, output, this.#exports, stopping);
			clearTimeout(timer);
			this.#choosing.delete(socket);
			if (choice === undefined) return;
			client.export = choice.export;
			this.#events.onClient(client);
			const onFailure: Service['onFailure'] = (error, what) => this.#events.onFailure(error, what);
			await transmit(input, output, choice, { reader: this.#reader, stopping, onFailure });
		} catch (error) {
			const fault = error instanceof HangUp ? error.fault : toErrorRecord(error).message;
			if (fault !== undefined) this.#events.onFault(client, fault);
		} finally {
			clearTimeout(timer);
			this.#choosing.delete(socket);
			if (client.export !== undefined) this.#events.onGone(client);
		}
	}
}
