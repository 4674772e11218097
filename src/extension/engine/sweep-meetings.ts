import type { Stats } from 'node:fs';
import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Age from which what lies there has been left, in milliseconds: nobody is awaited for a day. */
const stale = 24 * 60 * 60_000;

/** Folders that meetings and askpass programs are made in (src/extension/engine/meeting.ts and askpass.ts). */
const folderName = /^afterimage-(\d+|[A-Za-z0-9]{6}|askpass-[A-Za-z0-9]{6})$/;

/**
 * Removes folders of meetings, and sockets in them, that windows which ended badly have left. Only what is ours alone is
 * touched: a folder of this user that nobody else may enter, untouched for a day. Links are not followed, and a folder
 * that has anything else in it stays. Never fails.
 * @param now milliseconds since 1970
 * @returns the folders that were removed
 */
export async function sweepMeetings(base: string, now: number): Promise<readonly string[]> {
	const uid = process.getuid?.();
	if (uid === undefined) return []; // pipes on Windows leave nothing
	const swept: string[] = [];
	const isLeft = ({ uid: owner, mtimeMs }: Stats) => owner === uid && now - mtimeMs >= stale;
	for (const name of await readdir(base).catch(() => [])) {
		const folder = join(base, name);
		try {
			if (!folderName.test(name)) continue;
			const stat = await lstat(folder);
			if (!stat.isDirectory() || (stat.mode & 0o777) !== 0o700 || !isLeft(stat)) continue;
			for (const inside of await readdir(folder)) {
				const path = join(folder, inside);
				const entry = await lstat(path);
				const isOurs = entry.isSocket() || (entry.isFile() && /^askpass$|\.token$/.test(inside));
				if (isOurs && isLeft(entry)) await unlink(path);
			}
			await rmdir(folder);
			swept.push(folder);
		} catch {
			// It went meanwhile, or holds something else.
		}
	}
	return swept;
}
