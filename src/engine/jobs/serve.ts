import { basename, resolve } from 'node:path';
import { counted, formatBytes, formatDuration } from '../../base/quantity.ts';
import { openDisks, type OpenedDisks } from '../browse/open-disks.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { ListenPlace, Served, ServeRequest, ServeResult } from '../requests/serve.ts';
import { exportsOf } from '../serve/exports.ts';
import { isLoopback, listen } from '../serve/listen.ts';
import { logClients, type ClientCount } from '../serve/log-clients.ts';
import { NbdServer } from '../serve/nbd/nbd-server.ts';
import { servedOf } from '../serve/served.ts';

/**
 * Serves disks of a backup, and their partitions, as network block devices that can only be read, until the job is aborted:
 * that is its end, and no error.
 * @param onServed is told once, as soon as clients can connect
 * @throws AfterimageError what {@link openDisks} and {@link listen} throw
 */
export async function runServe(
	request: ServeRequest,
	context: JobContext,
	onServed: (served: Served) => void,
): Promise<ServeResult> {
	const { clock } = context.ports;
	const image = resolve(request.image);
	const opened = await openDisks(image, request.disk, request.password, context);
	try {
		for (const { warnings } of opened.disks) for (const warning of warnings) logWarning(context, warning);
		const started = clock.passed();
		const count = await serveDisks(image, opened, request.place, context, onServed);
		const result = { ...count, seconds: (clock.passed() - started) / 1000 };
		const what = `${counted(count.clients, 'client')}, ${formatBytes(count.bytes)}`;
		logInfo(context, `Served ${what}, in ${formatDuration(result.seconds)}`);
		return result;
	} finally {
		await opened.close();
	}
}

async function serveDisks(
	image: string,
	{ disks }: OpenedDisks,
	place: ListenPlace,
	context: JobContext,
	onServed: (served: Served) => void,
): Promise<ClientCount> {
	const count = { clients: 0, bytes: 0 };
	const server = new NbdServer(exportsOf(disks, basename(image)), logClients(count, context));
	const failed = new AbortController();
	const listening = await listen(
		place,
		(socket) => server.accept(socket),
		(error) => failed.abort(error),
	);
	try {
		if (place.kind === 'port' && !isLoopback(place.address)) {
			logWarning(
				context,
				`NBD knows no password: whoever reaches ${place.address} can read all of the backup`,
				'Let a firewall admit those alone who are meant, or serve at 127.0.0.1 and come through ssh -L.',
			);
		}
		onServed(servedOf(image, disks, listening));
		await aborted(AbortSignal.any([context.signal, failed.signal]));
	} finally {
		await Promise.all([server.close(), listening.close()]);
	}
	failed.signal.throwIfAborted();
	return count;
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((done) => {
		if (signal.aborted) done();
		else signal.addEventListener('abort', () => done(), { once: true });
	});
}
