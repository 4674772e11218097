import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../../base/abort.ts';

/** Folders below a folder that are looked into, and how many entries in all: backups lie near the top of their disks. */
const deepest = 6;
const mostEntries = 200_000;

/**
 * Folders that hold images, `folder` itself and below it, in the order in which they are found. Follows no link.
 * @param onGivenUp is told how many entries were looked at when there are more than that
 */
export async function foldersOfBackups(
	folder: string,
	signal: AbortSignal,
	onGivenUp: (entries: number) => void,
): Promise<readonly string[]> {
	const found: string[] = [];
	let entries = 0;
	let level = [folder];
	for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
		const below: string[] = [];
		for (const path of level) {
			let holdsImages = false;
			try {
				for await (const entry of await opendir(path)) {
					throwIfAborted(signal);
					if (++entries > mostEntries) break;
					if (entry.isDirectory()) below.push(join(path, entry.name));
					else if (/\.mrimgx$/i.test(entry.name)) holdsImages = true;
				}
			} catch (error) {
				if (signal.aborted) throw error;
				// A folder that cannot be read holds nothing that could be restored.
			}
			if (holdsImages) found.push(path);
		}
		level = below;
	}
	if (entries > mostEntries) onGivenUp(mostEntries);
	return found;
}
