import { mkdtempSync, rmdirSync } from 'node:fs';
import { createServer, isIP, isIPv6, type AddressInfo, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { expectFolder } from '../ports/expect-path.ts';
import { systemCode } from '../../base/system-code.ts';
import type { ListenPlace } from '../requests/serve.ts';
import { folderPrefix, removeLeftSocket, socketName, sweepLeftFolders } from './left-sockets.ts';

/** Where clients connect. */
export interface Listening {
	/** Path of the socket; undefined where it is a port. */
	readonly socket: string | undefined;
	/** URI of an export, as the NBD project has it (doc/uri.md). @param name of the export, empty for the one without a name */
	readonly uriOf: (name: string) => string;
	/** Settles when no one is listened to any more, and nothing of ours is left. */
	close(): Promise<void>;
}

/** Longest path that the system takes for a socket, in bytes: `sun_path` less its end, the shortest of all systems. */
const longestPath = 103;

/**
 * Listens at a path or port.
 * @param onFailure is told when it can listen no more
 * @throws AfterimageError `invalid-argument` for a path or address that cannot be listened at, `destination-missing` for a
 * path without its folder, `permission-denied`, `busy` for one where somebody else does
 */
export async function listen(
	place: ListenPlace,
	onConnection: (socket: Socket) => void,
	onFailure: (error: unknown) => void,
): Promise<Listening> {
	checkPlace(place);
	const server = createServer(onConnection);
	const listening = place.kind === 'socket' ? await listenAt(server, place.path) : await listenOn(server, place);
	server.on('error', onFailure);
	return listening;
}

/** Whether only programs of this machine can come to an address. */
export function isLoopback(address: string): boolean {
	return address === '::1' || /^(::ffff:)?127\./i.test(address);
}

export function hostAndPort(host: string, port: number): string {
	return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function checkPlace(place: ListenPlace): void {
	if (place.kind === 'port') {
		if (isIP(place.address) !== 0) return;
		throw new AfterimageError('invalid-argument', `Expected an IP address to serve at, found ${place.address}`, {
			advice: '127.0.0.1 serves this machine alone, 0.0.0.0 whoever reaches it.',
		});
	}
	if (process.platform !== 'win32') return;
	throw new AfterimageError('invalid-argument', 'On Windows a backup is served at a port, not at a path', {
		advice: 'Choose one with --port.',
	});
}

/** @param asked undefined = in a folder that nobody else may enter, made for it */
async function listenAt(server: Server, asked: string | undefined): Promise<Listening> {
	if (asked === undefined) await sweepLeftFolders(tmpdir());
	const folder = asked === undefined ? mkdtempSync(join(tmpdir(), folderPrefix)) : undefined;
	const removeFolder = () => {
		if (folder !== undefined) rmdirSync(folder);
	};
	const path = folder === undefined ? resolve(asked!) : join(folder, socketName);
	try {
		expectFolder(dirname(path), 'destination-missing');
		const length = Buffer.byteLength(path, 'utf8');
		if (length > longestPath) {
			throw new AfterimageError(
				'invalid-argument',
				`${path}: expected at most ${longestPath} bytes for the path of a socket, found ${length}`,
				{ advice: 'Name a shorter one with --socket.' },
			);
		}
		await beginAt(server, path).catch(async (error: unknown) => {
			if (!isAfterimageError(error, 'busy') || !(await removeLeftSocket(path))) throw error;
			await beginAt(server, path);
		});
	} catch (error) {
		removeFolder();
		throw error;
	}
	return {
		socket: path,
		uriOf: (name) => `nbd+unix:///${encodeURI(name)}?socket=${encodePath(path)}`,
		async close() {
			await ended(server);
			removeFolder();
		},
	};
}

function beginAt(server: Server, path: string): Promise<void> {
	return begin(server, path, () => {
		// The socket is made before this returns: it is the user's alone from its first moment.
		const mask = process.umask(0o177);
		try {
			server.listen(path);
		} finally {
			process.umask(mask);
		}
	});
}

/** Slashes stay, so that it can be read; a quotation mark does not, so that it can stand in quotes in a shell. */
function encodePath(path: string): string {
	return encodeURIComponent(path).replaceAll('%2F', '/').replaceAll("'", '%27');
}

async function listenOn(server: Server, { address, port }: Extract<ListenPlace, { kind: 'port' }>): Promise<Listening> {
	await begin(server, hostAndPort(address, port), () => server.listen({ host: address, port }));
	const own = server.address() as AddressInfo;
	// Everywhere is no place that a client could go to.
	const host = ['0.0.0.0', '::'].includes(own.address) ? hostname() : own.address;
	return {
		socket: undefined,
		uriOf: (name) => `nbd://${hostAndPort(host, own.port)}/${encodeURI(name)}`,
		close: () => ended(server),
	};
}

function begin(server: Server, where: string, listenNow: () => void): Promise<void> {
	return new Promise((done, reject) => {
		const onListening = () => {
			server.off('error', onError);
			done();
		};
		const onError = (error: unknown) => {
			server.off('listening', onListening);
			reject(listenFailure(error, where));
		};
		server.once('error', onError);
		server.once('listening', onListening);
		listenNow();
	});
}

/** Connections that were taken have been closed before. */
function ended(server: Server): Promise<void> {
	return new Promise((done) => server.close(() => done()));
}

function listenFailure(error: unknown, where: string): AfterimageError {
	const code = systemCode(error);
	const details = { where, ...(code === undefined ? {} : { system: code }) };
	if (code === 'EADDRINUSE') {
		return new AfterimageError('busy', `${where} is in use already`, {
			advice: 'Choose another path or port; a socket that a program has left behind can be deleted.',
			details,
			cause: error,
		});
	}
	const denied = code === 'EACCES' || code === 'EPERM';
	const [, phrase] = /^listen [A-Z0-9]+: ([a-z ]+)/.exec(error instanceof Error ? error.message : '') ?? [];
	const message = `Nobody can be served at ${where}: ${phrase?.trim() ?? String(error)}`;
	return new AfterimageError(denied ? 'permission-denied' : 'invalid-argument', message, { details, cause: error });
}
