import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { formatDuration } from '../../base/quantity.ts';
import { lockName, type FolderLock } from '../folder-lock.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import { lockForJob } from '../run-lock.ts';
import type { RunPorts } from './run-ports.ts';

/** How often it is looked whether a folder is free, in milliseconds. */
const interval = 1000;

/** What is to be waited for, and for how long. */
export interface FolderWait {
	readonly folder: string;
	/** What waits, for those who find the folder taken by it. */
	readonly task: string;
	/** Milliseconds at the most. */
	readonly most: number;
	/** Milliseconds for which a free folder is left to those that wait too and go first; less than they would overlook. */
	readonly yields: number;
}

/**
 * Takes a folder, and waits while others have it. The log says for whom; a cancellation ends the waiting.
 * @throws AfterimageError `busy` after the time, `cancelled`, and what else is wrong with the folder or its lock
 */
export async function waitForFolder(
	{ folder, task, most, yields }: FolderWait,
	sleep: RunPorts['sleep'],
	context: JobContext,
): Promise<FolderLock> {
	const { clock } = context.ports;
	const until = clock.passed() + most;
	let said = '';
	for (;;) {
		try {
			return lockForJob(folder, task, context);
		} catch (error) {
			if (!isAfterimageError(error, 'busy')) throw error;
			const { message, advice, details } = toErrorRecord(error);
			// What is no lock file belongs to no run that could end.
			if (details?.['path'] !== undefined) throw error;
			const left = until - clock.passed();
			if (left <= 0) throw tooLong(message, most, advice);
			if (message !== said) logInfo(context, `${message}: waiting for up to ${formatDuration(left / 1000)}`);
			said = message;
			await sleep(Math.min(interval, left), context.signal);
			if (yields > 0 && !existsSync(join(folder, lockName))) await sleep(yields, context.signal);
		}
	}
}

function tooLong(message: string, most: number, advice: string | undefined): AfterimageError {
	return new AfterimageError('busy', message, {
		advice: `It was waited for ${formatDuration(most / 1000)}.${advice === undefined ? '' : ` ${advice}`}`,
	});
}
