import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Definitions that are run but not kept: each lies in a folder of its own among the extension's files while it runs, where
 * the engine reads it. The names of the folders are the times at which they were made.
 */
export interface UnsavedDefinitions {
	/** Folder for a definition that is run now; not made yet. */
	newFolder(): string;
	/** Removes a definition once its run has ended; leaves every other file alone. */
	remove(path: string): Promise<void>;
	/** Removes definitions of runs whose window did not see their end. */
	sweep(): Promise<void>;
}

/** Age from which no run needs a definition any more, in milliseconds: it is read when the run begins. */
const stale = 24 * 60 * 60_000;

/** `YYYYMMDDhhmmssSSS`. */
const folderName = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})$/;

/** @param storage folder of the extension's own files @param now milliseconds since 1970 */
export function unsavedDefinitions(storage: string, now: () => number = Date.now): UnsavedDefinitions {
	const all = join(storage, 'unsaved');
	const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });
	return {
		newFolder: () => join(all, new Date(now()).toISOString().replace(/\D/g, '')),
		async remove(path) {
			const folder = dirname(path);
			if (dirname(folder) === all) await removeFolder(folder);
		},
		async sweep() {
			const names = await readdir(all).catch(() => []); // nothing was ever run without being kept
			const old = names.filter((name) => {
				const made = folderName.exec(name);
				if (made === null) return false;
				const [year, month, day, hour, minute, second, milli] = made.slice(1).map(Number);
				return now() - Date.UTC(year!, month! - 1, day, hour, minute, second, milli) >= stale;
			});
			await Promise.all(old.map((name) => removeFolder(join(all, name))));
		},
	};
}
