import { lstat, mkdtemp, readdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import { expectFolder } from '../../ports/expect-path.ts';
import { readSmallFile } from '../../ports/small-file.ts';
import { openFailure } from '../../ports/system-errors.ts';
import type { Ports, ProcessIdentity, ProcessPort } from '../../ports.ts';

/** Beginning of the name of a folder for copies; six characters follow. */
const prefix = 'afterimage-shrink-';
const folderName = new RegExp(`^${prefix}[A-Za-z0-9]{6}$`);
const copyName = /^partition-\d{1,5}\.raw$/;
/** Names the process that made the folder. */
const ownerName = 'owner';
/** Milliseconds for which a folder without an owner may still get one. */
const young = 10_000;

/** A folder that only this user may enter. */
export interface TemporaryFolder {
	readonly path: string;
	/** Where the copy of a partition lies. */
	copyOf(number: number): string;
	/** Removes it with the copies in it. */
	remove(): Promise<void>;
}

/**
 * Holds that copies have room in a folder.
 * @param asked undefined = that of the system
 * @param bytes that all copies may take
 * @param longest bytes of the longest of them, holes and all
 * @returns its absolute path
 * @throws AfterimageError `no-space` with what is needed, `destination-missing`, `permission-denied`
 */
export async function checkTemporaryRoom(
	asked: string | undefined,
	bytes: number,
	longest: number,
	{ volumes }: Ports,
): Promise<string> {
	const path = resolve(asked ?? tmpdir());
	expectFolder(path, 'destination-missing');
	const { free, maxFileSize, fileSystem } = await volumes.placeOf(path);
	const advice = 'Name another folder with --temporary.';
	if (maxFileSize !== undefined && longest > maxFileSize) {
		throw new AfterimageError(
			'no-space',
			`${path} is to hold a copy of ${longest} bytes (${formatBytes(longest)}), most of them holes; ` +
				`${fileSystem} has files of at most ${maxFileSize}`,
			{ advice, details: { path, size: longest, maxFileSize } },
		);
	}
	if (free === undefined || free >= bytes) return path;
	throw new AfterimageError(
		'no-space',
		`${path} has ${free} bytes free (${formatBytes(free)}); the copies in which file systems are made smaller may take ` +
			`${bytes} (${formatBytes(bytes)})`,
		{ advice, details: { path, needed: bytes, free } },
	);
}

/** Makes a folder for copies in another one, and removes those of processes that are gone. */
export async function makeTemporaryFolder(base: string, processes: ProcessPort): Promise<TemporaryFolder> {
	await sweepLeftFolders(base, processes);
	let path: string;
	try {
		path = await mkdtemp(join(base, prefix));
		await writeFile(join(path, ownerName), JSON.stringify(processes.self()), { flag: 'wx', mode: 0o600 });
	} catch (error) {
		throw openFailure(error, base, 'destination-missing');
	}
	return {
		path,
		copyOf: (number) => join(path, `partition-${number}.raw`),
		remove: () => removeCopies(path),
	};
}

/** Touches only what is this user's alone; a folder that has anything else in it stays. Never fails. */
async function sweepLeftFolders(base: string, processes: ProcessPort): Promise<void> {
	for (const name of await readdir(base).catch(() => [])) {
		if (!folderName.test(name)) continue;
		const folder = join(base, name);
		try {
			const stat = await lstat(folder);
			if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o777) !== 0o700) continue;
			const owner = ownerOf(join(folder, ownerName));
			const left = owner === undefined ? Date.now() - stat.mtimeMs >= young : processes.isAlive(owner) === false;
			if (!left) continue;
			await removeCopies(folder);
		} catch {
			// It went meanwhile, or holds something else.
		}
	}
}

/** What is none of its own stays, and the folder with it. */
async function removeCopies(folder: string): Promise<void> {
	for (const file of await readdir(folder)) {
		if (copyName.test(file) || file === ownerName) await unlink(join(folder, file));
	}
	await rmdir(folder);
}

function ownerOf(path: string): ProcessIdentity | undefined {
	try {
		const value: unknown = JSON.parse(readSmallFile(path, 4096)?.text ?? '');
		if (typeof value !== 'object' || value === null) return undefined;
		const { host, pid, started } = value as Record<string, unknown>;
		if (typeof host !== 'string' || typeof pid !== 'number' || typeof started !== 'string') return undefined;
		return { host, pid, started };
	} catch {
		return undefined;
	}
}
