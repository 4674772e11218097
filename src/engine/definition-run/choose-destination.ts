import { resolve } from 'node:path';
import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { Destination } from '../../definition/model.ts';
import { checkDestination } from '../backup/destination/destination.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import type { ResolvedDisk } from './resolve-sources.ts';

/**
 * The first of the destination folder and its alternative locations that is there, can be written and does not lie on
 * a partition that is imaged. The log says why others were passed over. No folder is made: a drive that is not
 * connected would otherwise be replaced by a folder where it is mounted.
 * @throws AfterimageError `destination-missing` with the reason of each, or the only one's own error
 */
export async function chooseDestination(
	destination: Destination,
	sources: readonly ResolvedDisk[],
	context: JobContext,
): Promise<string> {
	if (destination.opticalDrive !== undefined) {
		throw new AfterimageError('not-supported', `${destination.opticalDrive}: CDs and DVDs cannot be burnt yet`, {
			advice: 'Write to a folder, with files no larger than the disc, and burn them from there.',
		});
	}
	const first = destination.folder === undefined ? [] : [destination.folder];
	const folders = [...first, ...destination.alternativeLocations.folders].map((folder) => resolve(folder));
	const imaged = sources.map(({ disk, partitions }) => ({ device: disk, partitions }));
	const reasons: string[] = [];
	for (const [i, folder] of folders.entries()) {
		try {
			await checkDestination(folder, imaged, context);
			if (i > 0) logInfo(context, `Destination: ${folder}, alternative location ${i}`);
			else logInfo(context, `Destination: ${folder}`);
			return folder;
		} catch (error) {
			if (folders.length === 1) throw error;
			const reason = toErrorRecord(error).message;
			reasons.push(reason);
			logInfo(context, `${reason}: the next location is tried`);
		}
	}
	throw new AfterimageError('destination-missing', `No destination can be used: ${reasons.join('; ')}`, {
		advice: 'Connect one of the drives, or change the destination of the definition.',
	});
}
