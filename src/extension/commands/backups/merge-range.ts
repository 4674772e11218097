import type { BackupFileInfo, BackupSetInfo } from '../../../protocol/backups.ts';

/** The files of a set from the oldest to the newest of those that were chosen, with all between them, in the order of the chain. */
export function mergeRange(set: BackupSetInfo, chosen: readonly BackupFileInfo[]): readonly BackupFileInfo[] {
	const files = [...set.files].sort((a, b) => a.fileNumber - b.fileNumber);
	const paths = new Set(chosen.map(({ path }) => path));
	const isChosen = ({ path }: BackupFileInfo) => paths.has(path);
	return files.slice(Math.max(0, files.findIndex(isChosen)), files.findLastIndex(isChosen) + 1);
}
