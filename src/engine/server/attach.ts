import { connect, type Socket } from 'node:net';
import type { EngineService, Notify } from './service.ts';
import { serveSession, type Session } from './session.ts';

export interface AttachOptions {
	/** Socket or named pipe on which the client listens. */
	readonly path: string;
	readonly token: string;
	readonly service: EngineService;
	/** Jobs that still run. */
	readonly running: () => number;
	/** Settles when the engine was told to shut down. */
	readonly shutdown: Promise<void>;
	/**
	 * Time in which a client may come back once its connection is lost and nothing runs, and in which one that was reached
	 * has to prove that it knows the token, in milliseconds.
	 */
	readonly grace?: number;
	/** Pause between two attempts to reach the client, in milliseconds. */
	readonly pause?: number;
	/** Hears, a line each, why connections are closed whose peer sends what no client does. */
	readonly tell?: (line: string) => void;
}

export interface Attachment {
	readonly notify: Notify;
	/** Settles when the engine has nothing more to do and nobody to talk to. */
	readonly done: Promise<void>;
}

/**
 * Connects to the client and serves it. When the client goes (its window closes or reloads), the engine keeps calling at
 * the same address as long as a job runs, and a moment longer; a new window that listens there and proves the token is
 * served. Without a client and without work it ends: whoever listens there and proves nothing is no client.
 */
export function attach(options: AttachOptions): Attachment {
	let current: Session | undefined;
	const done = serveUntilIdle(options, (session) => (current = session));
	return { notify: (method, params) => current?.notify(method, params), done };
}

async function serveUntilIdle(
	options: AttachOptions,
	onSession: (session: Session | undefined) => void,
): Promise<void> {
	const grace = options.grace ?? 10_000;
	let over = false;
	const shutdown = options.shutdown.then(() => {
		over = true;
	});
	let idleSince: number | undefined;
	while (!over) {
		const socket = await reach(options.path);
		if (socket !== undefined) {
			const session = serveSession(socket, options.token, options.service, options.tell);
			onSession(session);
			const unproved = setTimeout(() => {
				if (!session.proved()) socket.destroy();
			}, grace);
			await Promise.race([session.closed, shutdown]);
			clearTimeout(unproved);
			session.close();
			onSession(undefined);
			if (session.proved()) idleSince = undefined;
		}
		if (over) return;
		if (options.running() > 0) idleSince = undefined;
		else idleSince ??= performance.now();
		if (idleSince !== undefined && performance.now() - idleSince >= grace) return;
		await Promise.race([new Promise((wake) => setTimeout(wake, options.pause ?? 500)), shutdown]);
	}
}

function reach(path: string): Promise<Socket | undefined> {
	return new Promise((done) => {
		const socket = connect(path);
		socket.once('connect', () => done(socket));
		socket.once('error', () => {
			socket.destroy();
			done(undefined);
		});
	});
}
