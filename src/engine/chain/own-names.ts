import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nameOfPath } from '../../image/set/file-name.ts';
import { bearsOwnName, type SetMember } from '../../image/set/set-member.ts';
import { syncFolder } from '../backup/destination/part-files.ts';
import { renamePatiently } from '../ports/patient-files.ts';
import { openFailure } from '../ports/system-errors.ts';

/**
 * Gives files that a merge is about to absorb back the names that their set knows them by, where somebody has renamed
 * them: killed before it removes them it leaves what is told by its name from a copy that somebody keeps. A name that
 * another file has stays with that one.
 * @returns the paths of the files by now, in their order
 * @throws AfterimageError `permission-denied`, `destination-missing`, `failed`
 */
export async function takeOwnNames(members: readonly SetMember[]): Promise<string[]> {
	const paths: string[] = [];
	for (const member of members) {
		const own = bearsOwnName(member) ? undefined : member.history.get(member.header.file_number);
		const path = own === undefined ? member.path : join(dirname(member.path), nameOfPath(own));
		paths.push((await renameTo(member.path, path)) ? path : member.path);
	}
	if (paths.some((path, i) => path !== members[i]!.path)) syncFolder(dirname(paths[0]!));
	return paths;
}

/** False where something has the name. */
async function renameTo(from: string, to: string): Promise<boolean> {
	if (from === to || lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
	try {
		await renamePatiently(from, to);
		return true;
	} catch (error) {
		throw openFailure(error, from, 'destination-missing');
	}
}
