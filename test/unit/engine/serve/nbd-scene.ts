import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { toErrorRecord } from '../../../../src/base/errors.ts';
import { Exports, type Export } from '../../../../src/engine/serve/exports.ts';
import { NbdServer } from '../../../../src/engine/serve/nbd/nbd-server.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

export interface NbdScene {
	/** Where it listens. */
	readonly path: string;
	readonly server: NbdServer;
	/** What became of clients, a line each. */
	readonly told: readonly string[];
	/** Forgets what was told. */
	clear(): void;
}

/** A server for the tests of a `describe`. @param standard what a client gets that gives no name */
export function useNbdServer(list: readonly Export[], standard: Export | 'none' = list[0]!): NbdScene {
	const told: string[] = [];
	const server = new NbdServer(new Exports(list, standard === 'none' ? undefined : standard), {
		onClient: (client) => told.push(`${client.export!.name} chosen`),
		onGone: (client) => told.push(`${client.export!.name} left`),
		onFault: (_, fault) => told.push(`fault: ${fault}`),
		onRefused: () => told.push('refused'),
		onFailure: (error, { name }) => told.push(`${name} failed: ${toErrorRecord(error).message}`),
	});
	const listener = createServer((socket) => server.accept(socket));
	const temp = useTempFolder();
	beforeAll(async () => {
		listener.listen(temp.file('nbd'));
		await once(listener, 'listening');
	});
	afterAll(async () => {
		await server.close();
		listener.close();
	});
	return {
		get path() {
			return temp.file('nbd');
		},
		server,
		told,
		clear: () => void told.splice(0),
	};
}
