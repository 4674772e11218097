import type { BackedUpFile, BackedUpPartition } from '../../protocol/files.ts';

/** Folders before everything else, then by name as people count: `file 2` before `file 10`, whatever the case. */
export function inOrder(files: readonly BackedUpFile[]): BackedUpFile[] {
	const { compare } = new Intl.Collator(undefined, { numeric: true });
	const rank = (file: BackedUpFile) => (file.kind === 'folder' ? 0 : 1);
	return [...files].sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
}

/** By disk and number. */
export function partitionsInOrder(partitions: readonly BackedUpPartition[]): BackedUpPartition[] {
	return [...partitions].sort((a, b) => a.disk - b.disk || a.partition - b.partition);
}
