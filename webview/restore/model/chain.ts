import type { BackupFileInfo } from '../../../src/protocol/backups.ts';

/** A full or differential with the incrementals that stand on it, in the order of their numbers. */
export interface Branch {
	readonly points: readonly BackupFileInfo[];
	/** Hangs below the full of the set. */
	readonly differential: boolean;
}

/** The files of a set as its chain is drawn: full > differential > incremental. A part that another completes is left out. */
export function branchesOf(files: readonly BackupFileInfo[]): readonly Branch[] {
	const sorted = [...files].sort((a, b) => a.fileNumber - b.fileNumber);
	const branches: { points: BackupFileInfo[]; differential: boolean }[] = [];
	for (const file of sorted) {
		const last = branches.at(-1);
		if (file.type !== 'inc' || last === undefined)
			branches.push({ points: [file], differential: file.type === 'diff' });
		else last.points.push(file);
	}
	return branches;
}

/** Names of the files that a point stands on, itself included; it needs each of them. */
export function chainOf(file: BackupFileInfo, files: readonly BackupFileInfo[]): ReadonlySet<string> {
	const chain = new Set<string>();
	let at: BackupFileInfo | undefined = file;
	while (at !== undefined && !chain.has(at.name)) {
		chain.add(at.name);
		const { parent }: BackupFileInfo = at;
		at = files.find(({ name }) => name === parent);
	}
	return chain;
}
