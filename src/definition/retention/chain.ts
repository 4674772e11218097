import { likelyTimes } from '../../base/likely-times.ts';
import { withoutPauses, type Pause } from './pauses.ts';
import type { BackupFile, BackupSet, BackupType } from './types.ts';

/** One backup of a set: one file, or the parts of a split one. */
export interface Backup {
	readonly type: BackupType;
	readonly incrementNumber: number;
	/** By file number. */
	readonly files: readonly BackupFile[];
	/** When it was likely made: a clock that was wrong must not make a backup look older than the one it stands on. */
	readonly time: number;
	/** From when on its age counts: `time`, moved by the pauses behind it. */
	readonly aged: number;
	readonly split: boolean;
	readonly encrypted: boolean;
	readonly bytes: number;
}

/** A full or differential and the incrementals that stand on it, oldest first. */
export interface Branch {
	readonly head: Backup;
	readonly incrementals: readonly Backup[];
}

/** A set in the order in which its backups stand on each other. The first branch is that of the full. */
export interface Chain {
	readonly set: BackupSet;
	readonly full: Backup;
	readonly branches: readonly [Branch, ...Branch[]];
	/** Files that another one of the set has absorbed: what an interrupted merge left behind. */
	readonly leftovers: readonly BackupFile[];
}

/** Orders a set into its chain, or says why it cannot be one. @param now milliseconds since 1970 */
export function readChain(set: BackupSet, now: number): Chain | { readonly damage: string } {
	if (set.damage !== undefined) return { damage: set.damage };
	const leftovers = set.files.filter((file) => isAbsorbed(file, set.files));
	const backups = groupBackups(
		set.files.filter((file) => !leftovers.includes(file)),
		now,
	);
	const full = backups[0];
	if (full === undefined) return { damage: 'it has no files' };
	if (full.type !== 'full') return { damage: 'its full backup is missing' };
	const branches: [{ head: Backup; incrementals: Backup[] }, ...{ head: Backup; incrementals: Backup[] }[]] = [
		{ head: full, incrementals: [] },
	];
	for (const backup of backups.slice(1)) {
		if (backup.type === 'full') return { damage: 'it has more than one full backup' };
		if (backup.type === 'diff') branches.push({ head: backup, incrementals: [] });
		else branches.at(-1)!.incrementals.push(backup);
	}
	return { set, full, branches, leftovers };
}

/** The chain with the ages of its backups as pauses leave them. */
export function agedBy(chain: Chain, pauses: readonly Pause[]): Chain {
	const aged = <B extends Backup>(backup: B): B => ({ ...backup, aged: withoutPauses(backup.time, pauses) });
	const [first, ...others] = chain.branches.map((branch) => ({
		head: aged(branch.head),
		incrementals: branch.incrementals.map(aged),
	}));
	return { ...chain, full: first!.head, branches: [first!, ...others] };
}

export function backupsOf(chain: Chain): Backup[] {
	return chain.branches.flatMap((branch) => [branch.head, ...branch.incrementals]);
}

/** The newest backup of a chain. */
export function tipOf(chain: Chain): Backup {
	const last = chain.branches.at(-1)!;
	return last.incrementals.at(-1) ?? last.head;
}

export function filesOf(backups: readonly Backup[]): BackupFile[] {
	return backups.flatMap((backup) => backup.files);
}

export function bytesOf(files: readonly BackupFile[]): number {
	return files.reduce((sum, file) => sum + file.bytes, 0);
}

/** A number can be used again after a merge down to the full; a file newer than the merge is no leftover of it. */
function isAbsorbed(file: BackupFile, files: readonly BackupFile[]): boolean {
	return files.some(
		(other) =>
			other.fileNumber < file.fileNumber && other.mergedFiles.includes(file.fileNumber) && file.time <= other.time,
	);
}

function groupBackups(files: readonly BackupFile[], now: number): Backup[] {
	const groups = new Map<number, BackupFile[]>();
	for (const file of [...files].sort((a, b) => a.fileNumber - b.fileNumber)) {
		const group = groups.get(file.incrementNumber);
		if (group === undefined) groups.set(file.incrementNumber, [file]);
		else group.push(file);
	}
	const sorted = [...groups.entries()].sort(([a], [b]) => a - b);
	const times = likelyTimes(
		sorted.map(([, parts]) => Math.max(...parts.map((part) => part.time))),
		now,
	);
	return sorted.map(([incrementNumber, parts], index) => ({
		type: parts[0]!.type,
		incrementNumber,
		files: parts,
		time: times[index]!,
		aged: times[index]!,
		split: parts.length > 1 || parts.some((part) => part.split),
		encrypted: parts[0]!.encrypted,
		bytes: bytesOf(parts),
	}));
}
