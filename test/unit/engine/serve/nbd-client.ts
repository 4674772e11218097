import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** An answer to an option: what kind, and its payload. */
export interface OptionAnswer {
	readonly type: number;
	readonly data: Buffer;
}

/** One chunk of a structured reply. */
export interface ReplyChunk {
	readonly done: boolean;
	readonly type: number;
	readonly cookie: bigint;
	readonly payload: Buffer;
}

export interface Asked {
	readonly command: number;
	readonly offset?: number | bigint;
	readonly length?: number;
	readonly flags?: number;
	readonly cookie?: number;
	readonly payload?: Buffer;
}

const ack = 1;
const firstError = 0x8000_0000;

/** The protocol as a client speaks it, written from its text and with none of the server's code. */
export class NbdClient {
	readonly socket: Socket;
	readonly #chunks: AsyncIterator<Buffer>;
	#rest: Buffer = Buffer.alloc(0);

	private constructor(socket: Socket) {
		this.socket = socket;
		socket.on('error', () => undefined);
		this.#chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
	}

	static async connect(path: string): Promise<NbdClient> {
		const socket = connect(path);
		await once(socket, 'connect');
		return new NbdClient(socket);
	}

	/** Connects and passes the greeting. */
	static async greeted(path: string, flags = 3): Promise<NbdClient> {
		const client = await NbdClient.connect(path);
		await client.read(18);
		client.socket.write(u32(flags));
		return client;
	}

	/** Connects and chooses an export. @param structured whether replies are to be of chunks */
	static async open(path: string, name = '', structured = true): Promise<NbdClient> {
		const client = await NbdClient.greeted(path);
		if (structured) {
			await client.option(8);
			await client.option(10, contexts(name, 'base:allocation'));
		}
		await client.option(7, Buffer.concat([u32(Buffer.byteLength(name)), Buffer.from(name), u16(0)]));
		return client;
	}

	async read(length: number): Promise<Buffer> {
		while (this.#rest.length < length) {
			const next = await this.#chunks.next().catch(() => undefined);
			if (next === undefined || next.done === true) throw new Error('The server has hung up');
			this.#rest = Buffer.concat([this.#rest, next.value]);
		}
		const bytes = this.#rest.subarray(0, length);
		this.#rest = this.#rest.subarray(length);
		return bytes;
	}

	/** Sends an option and gives all answers to it. */
	async option(option: number, data: Buffer = Buffer.alloc(0)): Promise<OptionAnswer[]> {
		this.socket.write(Buffer.concat([Buffer.from('IHAVEOPT'), u32(option), u32(data.length), data]));
		const answers: OptionAnswer[] = [];
		for (;;) {
			const head = await this.read(20);
			if (head.readBigUInt64BE(0) !== 0x3e889045565a9n || head.readUInt32BE(8) !== option) throw new Error('No answer');
			const type = head.readUInt32BE(12);
			answers.push({ type, data: await this.read(head.readUInt32BE(16)) });
			if (type === ack || type >= firstError) return answers;
		}
	}

	ask({ command, offset = 0, length = 0, flags = 0, cookie = 0, payload }: Asked): void {
		const head = Buffer.alloc(28);
		head.writeUInt32BE(0x25609513, 0);
		head.writeUInt16BE(flags, 4);
		head.writeUInt16BE(command, 6);
		head.writeBigUInt64BE(BigInt(cookie), 8);
		head.writeBigUInt64BE(BigInt(offset), 16);
		head.writeUInt32BE(length, 24);
		this.socket.write(payload === undefined ? head : Buffer.concat([head, payload]));
	}

	/** Error of the next simple reply, and whose it is. */
	async simpleReply(): Promise<{ readonly error: number; readonly cookie: bigint }> {
		const head = await this.read(16);
		if (head.readUInt32BE(0) !== 0x67446698) throw new Error('No simple reply');
		return { error: head.readUInt32BE(4), cookie: head.readBigUInt64BE(8) };
	}

	async chunk(): Promise<ReplyChunk> {
		const head = await this.read(20);
		if (head.readUInt32BE(0) !== 0x668e33ef) throw new Error('No structured reply');
		const payload = await this.read(head.readUInt32BE(16));
		return { done: head.readUInt16BE(4) === 1, type: head.readUInt16BE(6), cookie: head.readBigUInt64BE(8), payload };
	}

	/** The chunks of one reply, when nothing else is under way. */
	async chunks(): Promise<ReplyChunk[]> {
		const all: ReplyChunk[] = [];
		do all.push(await this.chunk());
		while (!all.at(-1)!.done);
		return all;
	}

	/** Asks, and gives the error of the reply; 0 where there is none. */
	async errorOf(asked: Asked): Promise<number> {
		this.ask(asked);
		const last = (await this.chunks()).at(-1)!;
		return last.type >= 0x8000 ? last.payload.readUInt32BE(0) : 0;
	}

	/** Settles when the server has hung up. */
	async hungUp(): Promise<void> {
		for (let next; (next = await this.#chunks.next().catch(() => undefined)) !== undefined && next.done !== true;);
	}

	close(): void {
		this.socket.destroy();
	}
}

/** Data of an option about metadata contexts. */
export function contexts(name: string, ...queries: readonly string[]): Buffer {
	const text = (value: string) => [u32(Buffer.byteLength(value)), Buffer.from(value)];
	return Buffer.concat([...text(name), u32(queries.length), ...queries.flatMap(text)]);
}

export function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

export function u16(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}
