import { toErrorRecord } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import { mostClients, type Client, type ServerEvents } from './nbd/nbd-server.ts';

/** Most warnings of what clients do: they can make as many as they like. */
const mostFaults = 100;
/** Most places that cannot be read which are told. */
const mostFailures = 1000;

/** What clients have had, so far. */
export interface ClientCount {
	clients: number;
	bytes: number;
}

/** Tells the log of clients that come and go and of what cannot be read, each place once. @param count is kept up to date */
export function logClients(count: ClientCount, context: JobContext): ServerEvents {
	const told = new Set<string>();
	let faults = 0;
	const warnOfFault = (message: string) => {
		if (++faults <= mostFaults) logWarning(context, message);
		if (faults === mostFaults) logWarning(context, 'No more is told of clients that break the rules');
	};
	return {
		onClient(client) {
			count.clients++;
			logInfo(context, `${nameOf(client)} reads ${client.export!.name}`);
		},
		onGone(client) {
			count.bytes += client.bytes;
			logInfo(context, `${nameOf(client)} has gone, after ${formatBytes(client.bytes)}`);
		},
		onFault: (client, fault) => warnOfFault(`${nameOf(client)} was hung up on: ${fault}`),
		onRefused: () => warnOfFault(`A client was turned away: ${mostClients} are served already`),
		onFailure(error, { name }) {
			const { message, advice } = toErrorRecord(error);
			if (told.has(message) || told.size >= mostFailures) return;
			told.add(message);
			logWarning(context, `${name} cannot be read in a place. ${message}`, advice);
		},
	};
}

function nameOf({ number, address }: Client): string {
	return address === undefined ? `Client ${number}` : `Client ${number} (${address})`;
}
