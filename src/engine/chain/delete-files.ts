import { dirname } from 'node:path';
import { partSuffix, syncFolder } from '../backup/destination/part-files.ts';
import { removePatiently, renamePatiently } from '../ports/patient-files.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';

/** A file of a set that is to go. */
export interface DoomedFile {
	readonly path: string;
	/** Parts of one split backup have the same. */
	readonly incrementNumber: number;
}

/** Puts the files of one backup together, in the order that the files have. */
export function backupsOf<T extends DoomedFile>(files: readonly T[]): T[][] {
	const backups: T[][] = [];
	for (const file of files) {
		const last = backups.at(-1);
		if (last?.[0]?.incrementNumber === file.incrementNumber) last.push(file);
		else backups.push([file]);
	}
	return backups;
}

/**
 * Deletes a backup for good. The parts of a split one go as one: they lose their names first, from the last to the
 * first, and a run that dies on the way leaves what `clearLeftovers` gives its names again, or removes.
 * @param files its parts, last first; one that has gone already is no failure
 * @throws AfterimageError `permission-denied`, `destination-missing`, `failed`
 */
export async function deleteBackup(files: readonly DoomedFile[]): Promise<void> {
	const paths = files.map((file) => file.path);
	const folder = dirname(paths[0]!);
	let names = paths;
	if (paths.length > 1) {
		for (const path of paths.slice(0, -1)) await unname(path);
		// Before the first part loses its name, whatever order the file system keeps its changes in.
		syncFolder(folder);
		await unname(paths.at(-1)!);
		syncFolder(folder);
		names = paths.map((path) => path + partSuffix);
	}
	for (const name of names) await remove(name);
	syncFolder(folder);
}

async function remove(path: string): Promise<void> {
	try {
		await removePatiently(path);
	} catch (error) {
		throw openFailure(error, path, 'destination-missing');
	}
}

async function unname(path: string): Promise<void> {
	try {
		await renamePatiently(path, path + partSuffix);
	} catch (error) {
		if (systemCode(error) !== 'ENOENT') throw openFailure(error, path, 'destination-missing');
	}
}
