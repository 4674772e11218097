import { basename } from 'node:path';
import { visible } from '../../base/visible.ts';
import { damageLines, faultLines, notCheckedLines } from '../file-walk/words.ts';
import type { VerifiedBackup } from '../requests/verify.ts';

/**
 * What lies in the damaged blocks of backups, and what is wrong in their file systems. What several of them have in common
 * is told once, below the backups that it is told of: a file that is lost is mostly lost in all that came after it.
 */
export function fileLines(backups: readonly VerifiedBackup[]): string[] {
	const places = new Map<string, number[]>();
	for (const [place, { damage, fileSystems = [] }] of backups.entries()) {
		for (const line of new Set([...damageLines(damage), ...faultLines(fileSystems), ...notCheckedLines(fileSystems)])) {
			const others = places.get(line);
			if (others === undefined) places.set(line, [place]);
			else others.push(place);
		}
	}
	const groups = new Map<string, string[]>();
	for (const [line, of] of places) {
		const title = `${backupNames(backups, of)}:`;
		const lines = groups.get(title);
		if (lines === undefined) groups.set(title, [line]);
		else lines.push(line);
	}
	return [...groups].flatMap(([title, lines]) => [visible(title), ...lines.map((line) => `  ${line}`)]);
}

/**
 * Names backups, those that follow each other by the first and the last of them.
 * @param places of them, ascending
 */
function backupNames(backups: readonly VerifiedBackup[], places: readonly number[]): string {
	const runs: VerifiedBackup[][] = [];
	for (const [i, place] of places.entries()) {
		const backup = backups[place]!;
		const run = runs.at(-1);
		if (run !== undefined && places[i - 1] === place - 1 && run[0]!.imageId === backup.imageId) run.push(backup);
		else runs.push([backup]);
	}
	const names = runs.flatMap((run) => {
		const [first, last] = [run[0]!.file, run.at(-1)!.file];
		return run.length < 3 ? run.map(({ file }) => file) : [`${first} to ${basename(last)} (${run.length} backups)`];
	});
	return names.join(', ');
}
