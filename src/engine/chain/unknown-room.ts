import { logWarning, type JobContext } from '../job-context.ts';

/** Some file systems in user space say that they have 0 bytes: no set is deleted for that. */
export function warnOfUnknownRoom(folder: string, context: JobContext): void {
	logWarning(
		context,
		`${folder}: its file system does not tell how much is free, so no sets are deleted to keep room free`,
		'Keep a number of backups there instead.',
	);
}
