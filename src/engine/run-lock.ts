import { lockFolder, type FolderLock } from './folder-lock.ts';
import { logInfo, type JobContext } from './job-context.ts';

/**
 * Takes a folder for a job, whatever else of its run may have it already.
 * @throws AfterimageError as {@link lockFolder} does
 */
export function lockForJob(folder: string, task: string, context: JobContext): FolderLock {
	if (context.heldFolder === folder) return { release: () => undefined };
	const { processes, clock } = context.ports;
	return lockFolder(folder, task, processes, clock, (message) => logInfo(context, message));
}
