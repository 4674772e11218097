import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { imageExtension } from '../../../base/image-file-name.ts';
import { numbersOfName } from '../../../image/set/file-name.ts';
import { logInfo, type JobContext } from '../../job-context.ts';
import { removePatiently, renamePatiently } from '../../ports/patient-files.ts';
import { openFailure } from '../../ports/system-errors.ts';
import { partSuffix, syncFolder } from './part-files.ts';

/**
 * Clears away what runs that were killed have left in a folder; the caller holds its lock, so nobody is writing it.
 * Files are renamed only once all of a run are checked, first to last: where an earlier part of a backup has its name
 * already, the rest gets theirs; everything else is removed. A deletion takes the names from last to first. No file loses
 * its name to another one: that of another set may be alike.
 */
export async function clearLeftovers(folder: string, context: JobContext): Promise<void> {
	try {
		const names = readdirSync(folder);
		// A merge takes the name that a file has, and somebody may have written its extension in capitals.
		const parts = names.filter((name) => name.toLowerCase().endsWith(imageExtension + partSuffix)).sort();
		for (const name of parts) {
			// A name that is not UTF-8 is listed as another one; no run of ours has made it.
			if (lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined) continue;
			const final = name.slice(0, -partSuffix.length);
			if (!names.includes(final) && isCommitting(final, names)) {
				await renamePatiently(join(folder, name), join(folder, final));
				names.push(final);
				logInfo(context, `Completed ${final}: a run ended while it named or deleted its files`);
			} else {
				await removePatiently(join(folder, name));
				logInfo(context, `Removed ${name}, left by a run that did not end`);
			}
		}
		if (parts.length > 0) syncFolder(folder);
	} catch (error) {
		throw openFailure(error, folder, 'destination-missing');
	}
}

/** Whether an earlier part of the same backup has its final name: same image id and increment number, lower file number. */
function isCommitting(final: string, names: readonly string[]): boolean {
	const own = numbersOfName(final);
	if (own === undefined) return false;
	const head = final.slice(0, final.lastIndexOf('-') + 1);
	return names.some((name) => {
		const numbers = numbersOfName(name);
		return (
			numbers !== undefined &&
			name.startsWith(head) &&
			name.toLowerCase().endsWith(imageExtension) &&
			numbers.fileNumber < own.fileNumber
		);
	});
}
