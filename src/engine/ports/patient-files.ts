import { renameSync, unlinkSync } from 'node:fs';
import { systemCode } from '../../base/system-code.ts';

/**
 * Virus scanners, indexers and programs that synchronise folders open a new file for moments, and Windows renames and
 * removes none that is open without FILE_SHARE_DELETE: ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION, in Node's words.
 */
const keptCodes: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** How long others may keep a file, and how long is waited between attempts; in milliseconds. */
export interface Patience {
	readonly total: number;
	readonly pause: number;
}

const none: Patience = { total: 0, pause: 0 };
/** A backup of hours is lost when its file does not get its name. */
const ofFiles: Patience = process.platform === 'win32' ? { total: 10_000, pause: 100 } : none;
/** No more than may pass before a cancelling is heard, since the thread waits. */
const ofThread: Patience = process.platform === 'win32' ? { total: 700, pause: 50 } : none;

/** Renames a file. @throws the system's error, on Windows only once others have kept the file for ten seconds */
export function renamePatiently(from: string, to: string, patience = ofFiles): Promise<void> {
	return patiently(() => renameSync(from, to), patience);
}

/** Removes a file, if it is there. @throws as {@link renamePatiently} */
export function removePatiently(path: string, patience = ofFiles): Promise<void> {
	return patiently(() => remove(path), patience);
}

/** As {@link removePatiently}, while this thread waits: for less than a second. */
export function removeWaiting(path: string, patience = ofThread): void {
	const never = new Int32Array(new SharedArrayBuffer(4));
	for (const end = performance.now() + patience.total; ; Atomics.wait(never, 0, 0, patience.pause)) {
		try {
			return remove(path);
		} catch (error) {
			if (!isKept(error) || performance.now() >= end) throw error;
		}
	}
}

/** What `rmSync` cannot unlink it takes for a folder: of a protected file it says "not a directory". */
function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch (error) {
		if (systemCode(error) !== 'ENOENT') throw error;
	}
}

async function patiently(attempt: () => void, { total, pause }: Patience): Promise<void> {
	for (const end = performance.now() + total; ;) {
		try {
			return attempt();
		} catch (error) {
			if (!isKept(error) || performance.now() >= end) throw error;
		}
		await new Promise((again) => setTimeout(again, pause));
	}
}

function isKept(error: unknown): boolean {
	return keptCodes.has(systemCode(error));
}
