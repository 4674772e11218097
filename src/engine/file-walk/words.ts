import { counted, formatBytes } from '../../base/quantity.ts';
import { visible } from '../../base/visible.ts';
import type { DamagedFile, FileSystemCheck, PartitionDamage } from './results.ts';

/** What lies in damaged blocks, a line each, whatever characters names have. */
export function damageLines(damage: readonly PartitionDamage[]): string[] {
	const lines = damage.flatMap((one) => {
		const where = placeOf(one);
		const { files, fileCount, unreadable, unreadableCount, objection } = one;
		return [
			...files.map(({ path, kind, bytes }) => {
				return `${where}, ${nameOf(path, kind)}: ${formatBytes(bytes)} ${bytes === 1 ? 'lies' : 'lie'} in damaged blocks`;
			}),
			...more(where, fileCount - files.length, 'more files and folders lie in damaged blocks'),
			...unreadable.map(({ path, reason }) => `${where}, ${nameOf(path)} cannot be read in full: ${reason}`),
			...more(where, unreadableCount - unreadable.length, 'more cannot be read'),
			...(objection === undefined ? [] : [`${where}: which files are damaged is not known: ${objection}`]),
			...otherBlocks(where, one),
		];
	});
	return lines.map(visible);
}

/** How many files and folders lie in damaged blocks, for the end of a summary of these; empty where none is known to. */
export function damageWords(damage: readonly PartitionDamage[]): string {
	const count = damage.reduce((sum, one) => sum + one.fileCount, 0);
	if (count === 0) return '';
	return count === 1 ? '; 1 file or folder in them' : `; ${count} files and folders in them`;
}

/** What was found in the file systems of an image, a line each. */
export function checkLines(checks: readonly FileSystemCheck[]): string[] {
	return checks.flatMap((check) => [...faultLines([check]), stateOf(check)]);
}

/** What is not as it is to be in file systems, a line each, whatever characters names have. */
export function faultLines(checks: readonly FileSystemCheck[]): string[] {
	const lines = checks.flatMap((check) => {
		const where = placeOf(check);
		const { notInOrder, problems, problemCount, warnings, warningCount } = check;
		const line = ({ path, reason }: { readonly path: string; readonly reason: string }) =>
			path === '' ? `${where}: ${reason}` : `${where}, ${path}: ${reason}`;
		return [
			...notInOrder.map(({ path, reason }) => {
				const what = path === '' ? where : `${where}, ${path}`;
				return `${what} was not in order when it was imaged (${reason}): what is found in it counts as a warning`;
			}),
			...problems.map(line),
			...more(where, problemCount - problems.length, 'more problems'),
			...warnings.map((one) => `Warning: ${line(one)}`),
			...more(where, warningCount - warnings.length, 'more warnings'),
		];
	});
	return lines.map(visible);
}

/** File systems that were not walked, where that is no fault. */
export function notCheckedLines(checks: readonly FileSystemCheck[]): string[] {
	return checks.flatMap((check) =>
		check.notChecked === undefined ? [] : [`${placeOf(check)} was not checked: ${check.notChecked}`],
	);
}

export function problemsIn(checks: readonly FileSystemCheck[]): number {
	return checks.reduce((sum, { problemCount }) => sum + problemCount, 0);
}

export function warningsIn(checks: readonly FileSystemCheck[]): number {
	return checks.reduce((sum, { warningCount, notInOrder }) => sum + warningCount + notInOrder.length, 0);
}

function stateOf(check: FileSystemCheck): string {
	const where = placeOf(check);
	const { files, folders, problemCount, warningCount } = check;
	const [notChecked] = notCheckedLines([check]);
	if (notChecked !== undefined) return notChecked;
	const extent = `the structures of ${counted(files, 'file')} and ${counted(folders, 'folder')} are sound`;
	if (problemCount + warningCount === 0) return `${where}: ${extent}`;
	const warnings = warningCount === 0 ? '' : `, ${counted(warningCount, 'warning')}`;
	return `${where}: ${extent}; ${counted(problemCount, 'problem')}${warnings}`;
}

function otherBlocks(where: string, one: PartitionDamage): string[] {
	const { badBlocks, otherBlocks: others, fileCount, fileSystem, objection, unreadableCount } = one;
	if (others === 0 || objection !== undefined) return [];
	const which =
		others === badBlocks
			? `the ${counted(others, 'damaged block')} ${others === 1 ? 'holds' : 'hold'}`
			: `${others} of ${badBlocks} damaged blocks ${others === 1 ? 'holds' : 'hold'}`;
	const nothing = fileCount === 0 ? 'no contents of files or folders' : 'nothing of these';
	const hidden = unreadableCount === 0 ? '' : ', or what lies below what cannot be read';
	return [`${where}: ${which} ${nothing}: free space or structures of ${fileSystem}${hidden}`];
}

function placeOf({ disk, fileSystem, partition }: Pick<FileSystemCheck, 'disk' | 'partition' | 'fileSystem'>): string {
	return `Disk ${disk}, partition ${partition}${fileSystem === '' ? '' : ` (${fileSystem})`}`;
}

function nameOf(path: string, kind?: DamagedFile['kind']): string {
	if (path === '') return 'the root folder';
	return kind === undefined ? path : `${kind} ${path}`;
}

function more(where: string, count: number, what: string): string[] {
	return count === 0 ? [] : [`${where}: ${count} ${what}`];
}
