import { closeSync, constants, fstatSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isSameTime } from './ports/file-times.ts';
import { ownFileFlags, readSmallFile } from './ports/small-file.ts';
import { systemCode } from '../base/system-code.ts';

/** Name of the file in a folder of images that tells which of them were verified, and when. One JSON object a line. */
export const verifiedName = '.afterimage-verified';

/** What is said to an append by file systems that only write files from their beginning, such as rclone without a cache. */
const withoutAppends = ['EPERM', 'EINVAL', 'ENOTSUP', 'ENOSYS'];

/** A file that outgrows this is written anew with one line for each image. */
const compactBytes = 256 * 1024;

/** Bytes of those that this process has written anew, by folder: one with many images stays large, and grows by half first. */
const compacted = new Map<string, number>();

interface Entry {
	readonly name: string;
	readonly size: number;
	/** Modification time in whole milliseconds: a file that has changed since ({@link isSameTime}) counts as not verified. */
	readonly modified: number;
	/** ISO 8601; empty: it was found damaged since it was verified. */
	readonly verified: string;
	/**
	 * When the first of the blocks was read that it needs, ISO 8601, where that was in a run before: blocks of backups that
	 * were verified a short while ago are not read again.
	 */
	readonly since?: string;
}

/**
 * Notes that images were read completely and found sound. The note lies beside the images, so that it goes where they
 * go. Returns false when the folder takes no notes (it is read-only, or full): the images are sound all the same.
 * @param since when the first of the blocks was read that they need, where that was before
 */
export function noteVerified(paths: readonly string[], time: Date, since = time): boolean {
	const verified = time.toISOString();
	return note(paths, since < time ? { verified, since: since.toISOString() } : { verified });
}

/** Notes that images are damaged, whatever was noted of them before. Returns false when the folder takes no notes. */
export function noteDamaged(paths: readonly string[]): boolean {
	return note(paths, { verified: '' });
}

function note(paths: readonly string[], found: Pick<Entry, 'verified' | 'since'>): boolean {
	const folders = [...new Set(paths.map((path) => dirname(path)))];
	return folders.every((folder) =>
		append(
			folder,
			paths.filter((path) => dirname(path) === folder),
			found,
		),
	);
}

/** When each image of the folder was last verified, by file name, with what the file was like then. */
export function readVerified(folder: string): VerifiedNotes {
	const entries = new Map<string, Entry>();
	let text: string | undefined;
	try {
		text = readSmallFile(join(folder, verifiedName), 64 * compactBytes)?.text;
	} catch {
		return entries;
	}
	for (const line of text?.split('\n') ?? []) {
		const entry = parseEntry(line);
		if (entry !== undefined) entries.set(entry.name, entry);
	}
	return entries;
}

/** What a folder has noted of its images, by file name. */
export type VerifiedNotes = ReadonlyMap<string, Entry>;
type Noted = { readonly name: string; readonly path: string };

/** The time of an entry, when the file is still what was verified. */
export function verifiedOn(entries: VerifiedNotes, file: Noted): string | undefined {
	return entryOf(entries, file)?.verified || undefined;
}

/** Whether the file was damaged when it was last verified, and has not changed since. */
export function wasDamaged(entries: VerifiedNotes, file: Noted): boolean {
	return entryOf(entries, file)?.verified === '';
}

/** When the first of the blocks was read that the file needs, when it is still what was verified; in ms since 1970. */
export function verifiedSince(entries: VerifiedNotes, file: Noted): number | undefined {
	const entry = entryOf(entries, file);
	const time = Date.parse(entry?.since ?? entry?.verified ?? '');
	return Number.isNaN(time) ? undefined : time;
}

function entryOf(entries: VerifiedNotes, { name, path }: Noted): Entry | undefined {
	const entry = entries.get(name);
	if (entry === undefined) return undefined;
	const now = statSync(path, { throwIfNoEntry: false });
	return now?.size === entry.size && isSameTime(now.mtimeMs, entry.modified) ? entry : undefined;
}

function append(folder: string, paths: readonly string[], found: Pick<Entry, 'verified' | 'since'>): boolean {
	try {
		const entries = paths.map((path): Entry => {
			const { size, mtimeMs } = statSync(path);
			return { name: basename(path), size, modified: Math.floor(mtimeMs), ...found };
		});
		const path = join(folder, verifiedName);
		const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
		if (size > Math.max(compactBytes, 1.5 * (compacted.get(folder) ?? 0))) writeAnew(folder, []);
		try {
			return appendLines(path, entries);
		} catch (error) {
			if (!withoutAppends.includes(systemCode(error) ?? '')) return false;
			writeAnew(folder, entries);
			return true;
		}
	} catch {
		return false;
	}
}

/** False for what is no file. @throws Error of the system */
function appendLines(path: string, entries: readonly Entry[]): boolean {
	const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | ownFileFlags, 0o644);
	try {
		if (!fstatSync(fd).isFile()) return false;
		// A line that a crash has cut short is ended first; empty lines mean nothing.
		writeSync(fd, `\n${linesOf(entries)}`);
		fsyncSync(fd);
		return true;
	} finally {
		closeSync(fd);
	}
}

/** Replaces the file by one with a line for each image that is there, then `added`. @throws Error of the system */
function writeAnew(folder: string, added: readonly Entry[]): void {
	const kept = [...readVerified(folder).values()].filter(
		({ name }) => statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined,
	);
	const temporary = join(folder, `${verifiedName}.new`);
	rmSync(temporary, { force: true });
	try {
		const fd = openSync(temporary, 'wx', 0o644);
		try {
			writeSync(fd, linesOf([...kept, ...added]));
			fsyncSync(fd);
		} finally {
			closeSync(fd);
		}
		compacted.set(folder, statSync(temporary).size);
		renameSync(temporary, join(folder, verifiedName));
	} catch (error) {
		rmSync(temporary, { force: true });
		throw error;
	}
}

function linesOf(entries: readonly Entry[]): string {
	return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function parseEntry(line: string): Entry | undefined {
	if (line === '') return undefined;
	try {
		const { name, size, modified, verified, since } = JSON.parse(line) as Record<string, unknown>;
		if (typeof name !== 'string' || typeof size !== 'number' || typeof modified !== 'number') return undefined;
		if (typeof verified !== 'string') return undefined;
		return { name, size, modified, verified, ...(typeof since === 'string' ? { since } : {}) };
	} catch {
		return undefined;
	}
}
