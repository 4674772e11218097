import type { BackupFileInfo, BackupSetInfo } from '../../protocol/backups.ts';

/** A restore point and those that stand on it directly: full > differential > incremental. */
export interface ChainNode {
	readonly file: BackupFileInfo;
	readonly children: readonly ChainNode[];
}

/**
 * The chains of a set as people draw them: the full, beneath it the incrementals that stand on it and the differentials,
 * beneath each differential its incrementals, all in the order of their time. Files that belong nowhere come last.
 */
export function chainOf(set: BackupSetInfo): readonly ChainNode[] {
	const files = [...set.files].sort((a, b) => a.incrementNumber - b.incrementNumber || a.fileNumber - b.fileNumber);
	const roots: { file: BackupFileInfo; children: ChainNode[] }[] = [];
	let branch: { file: BackupFileInfo; children: ChainNode[] } | undefined;
	let full: { file: BackupFileInfo; children: ChainNode[] } | undefined;
	for (const file of files) {
		const node = { file, children: [] as ChainNode[] };
		if (file.type === 'full') {
			roots.push(node);
			full = branch = node;
		} else if (file.type === 'diff') {
			(full?.children ?? roots).push(node);
			branch = node;
		} else {
			(branch?.children ?? roots).push(node);
		}
	}
	return roots;
}
