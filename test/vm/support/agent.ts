import { createServer, type Server, type Socket } from 'node:net';

export interface CommandResult {
	readonly code: number;
	/** Standard output and standard error as they came. */
	readonly output: string;
}

interface Waiting {
	readonly done: (result: CommandResult) => void;
	readonly fail: (error: Error) => void;
}

/** This end of the channel to `agent.sh`, which says there what goes over it; the machine connects to a socket of ours. */
export class Agent {
	readonly #server: Server;
	readonly #waiting = new Map<number, Waiting>();
	#socket: Socket | undefined;
	#received = Buffer.alloc(0);
	#count = 0;
	#closed: Error | undefined;
	#ready!: () => void;
	#refuse!: (error: Error) => void;
	/** When commands can be run; fails when the machine ends before. */
	readonly ready = new Promise<void>((done, fail) => {
		this.#ready = done;
		this.#refuse = fail;
	});

	private constructor(server: Server) {
		this.#server = server;
		this.ready.catch(() => undefined);
		server.on('connection', (socket) => {
			this.#socket = socket;
			socket.on('data', (data) => this.#take(data));
			socket.on('error', () => undefined);
		});
	}

	/** Waits for a machine at this path. */
	static async listen(path: string): Promise<Agent> {
		const server = createServer();
		await new Promise<void>((done, fail) => server.once('error', fail).listen(path, done));
		return new Agent(server);
	}

	/** @param seconds after which the machine kills the command, whose code is 124 then */
	run(script: string, seconds: number): Promise<CommandResult> {
		if (this.#closed !== undefined) return Promise.reject(this.#closed);
		const number = this.#count++;
		return new Promise((done, fail) => {
			this.#waiting.set(number, { done, fail });
			this.#socket!.write(`${number} ${seconds} ${Buffer.from(script).toString('base64')}\n`);
		});
	}

	/** Tells the machine to switch itself off, which it does when it has lost this end. */
	hangUp(): void {
		this.#socket?.destroy();
	}

	/** Ends the channel; what still waits, and what is asked from then on, fails with this error. */
	close(error: Error): void {
		this.#closed ??= error;
		this.#refuse(error);
		for (const { fail } of this.#waiting.values()) fail(error);
		this.#waiting.clear();
		this.hangUp();
		this.#server.close();
	}

	#take(data: Buffer): void {
		this.#received = Buffer.concat([this.#received, data]);
		for (let end; (end = this.#received.indexOf('\n')) >= 0;) {
			const line = this.#received.subarray(0, end).toString();
			const start = end + 1;
			if (line === 'ready') {
				this.#received = this.#received.subarray(start);
				this.#ready();
				continue;
			}
			const [number, code, length] = line.split(' ').map(Number) as [number, number, number];
			if (this.#received.length < start + length) return;
			const output = this.#received.subarray(start, start + length).toString();
			this.#received = this.#received.subarray(start + length);
			this.#waiting.get(number)?.done({ code, output });
			this.#waiting.delete(number);
		}
	}
}
