import type { ErrorRecord } from '../../base/errors.ts';
import { likelyTimes } from '../../base/likely-times.ts';
import { isPathTo, nameOfPath, numbersOfName } from './file-name.ts';
import { samePartitions, type DiskIdentities } from './partition-identity.ts';
import { bearsOwnName, numbersOf, type SetMember } from './set-member.ts';

/** A file that should belong to a set and cannot be used. */
export interface DamagedFile {
	readonly name: string;
	readonly path: string;
	readonly error: ErrorRecord;
}

/** A file that a point needs and does not have. */
export interface MissingFile {
	readonly fileNumber: number;
	/** Name under which the set knew it, in whatever folder that was; undefined when nothing names it. */
	readonly name: string | undefined;
	/** The file, where it is there and cannot be read. */
	readonly damaged: DamagedFile | undefined;
}

/** A backup that can be restored: one file, or several when it was split. */
export interface RestorePoint {
	readonly type: 'full' | 'diff' | 'inc';
	/** Number of the file that has the indexes. */
	readonly fileNumber: number;
	readonly incrementNumber: number;
	/** Seconds since 1970, UTC. */
	readonly time: number;
	/** The file that has the indexes. */
	readonly member: SetMember;
	/** All files of the backup, the one with the indexes last. */
	readonly parts: readonly SetMember[];
	/** Bytes of all parts. */
	readonly size: number;
	/** The point it stands on: the full for a differential, the point before it for an incremental. */
	readonly parent: RestorePoint | undefined;
	/** Files that it or what it stands on lacks. Empty: as far as the tails tell, it can be restored. */
	readonly missing: readonly MissingFile[];
}

/** The files of one folder that have the same image id. */
export interface BackupSet {
	readonly imageid: string;
	/** By file number, each number once; files that another one has absorbed are left out. */
	readonly members: readonly SetMember[];
	/** By file number. */
	readonly points: readonly RestorePoint[];
	/** Files whose number another member has or has absorbed: leftovers of a merge that was interrupted, or copies. */
	readonly superseded: readonly SetMember[];
	/** Files that carry the set's id in their name, or that its history names, and that cannot be read. */
	readonly damaged: readonly DamagedFile[];
}

/** Puts the files of a set in order and tells what can be restored. */
export function buildSet(imageid: string, files: readonly SetMember[], damaged: readonly DamagedFile[]): BackupSet {
	const { members, superseded } = withoutSuperseded(files);
	return { imageid, members, superseded, damaged, points: pointsOf(members, damaged) };
}

function withoutSuperseded(files: readonly SetMember[]): { members: SetMember[]; superseded: SetMember[] } {
	const sorted = [...files].sort(byNumberThenName);
	const first = sorted.filter((file, i) => file.header.file_number !== sorted[i - 1]?.header.file_number);
	const absorbed = new Set(first.flatMap((file) => file.header.merged_files));
	const members = new Set(first.filter((file) => !absorbed.has(file.header.file_number)));
	return { members: [...members], superseded: sorted.filter((file) => !members.has(file)) };
}

/** Of files with one number the one that has absorbed more comes first, then the one that is no copy, then the first by name. */
function byNumberThenName(a: SetMember, b: SetMember): number {
	return (
		a.header.file_number - b.header.file_number ||
		b.header.merged_files.length - a.header.merged_files.length ||
		Number(bearsOwnName(b)) - Number(bearsOwnName(a)) ||
		(a.name < b.name ? -1 : 1)
	);
}

function pointsOf(members: readonly SetMember[], damaged: readonly DamagedFile[]): RestorePoint[] {
	const points: RestorePoint[] = [];
	const covered = new Set(members.flatMap(numbersOf));
	let parts: SetMember[] = [];
	for (const member of members) {
		if (parts.length > 0 && parts[0]!.header.increment_number !== member.header.increment_number) parts = [];
		parts.push(member);
		if (member.header.split_file) continue;
		points.push(pointOf(member, parts, points, covered, damaged));
		parts = [];
	}
	return points;
}

function pointOf(
	member: SetMember,
	parts: readonly SetMember[],
	earlier: readonly RestorePoint[],
	covered: ReadonlySet<number>,
	damaged: readonly DamagedFile[],
): RestorePoint {
	const { header } = member;
	const type = header.backup_type;
	const full = earlier.find((point) => point.type === 'full');
	const parent = type === 'full' ? undefined : type === 'diff' ? full : earlier.at(-1);
	const own = [...lackingNumbers(member, parts, parent)].filter((number) => !covered.has(number)).sort((a, b) => a - b);
	const lacking = own.map((fileNumber) => missingFile(damaged, fileNumber, member.history));
	const inherited = parent?.missing ?? [];
	return {
		type,
		fileNumber: header.file_number,
		incrementNumber: header.increment_number,
		time: header.backup_time,
		member,
		parts,
		size: parts.reduce((sum, part) => sum + part.size, 0),
		parent,
		missing: lacking.length === 0 ? inherited : [...inherited, ...lacking],
	};
}

/**
 * Numbers that must be there for the point itself: the parts of its backup and, for an incremental, every file between
 * it and the point before. A number that the set's history does not name never was: differentials and incrementals
 * that retention deleted leave such gaps.
 */
function lackingNumbers(member: SetMember, parts: readonly SetMember[], parent: RestorePoint | undefined): Set<number> {
	const { header, history } = member;
	const needed = new Set<number>();
	const first = parts[0]!.header.file_number;
	if (header.backup_type === 'full') {
		for (let number = 0; number < first; number++) needed.add(number);
	} else if (parent === undefined) {
		needed.add(0);
		// The parts of a split full.
		for (const [number, path] of history) if (numbersOfName(path)?.incrementNumber === 0) needed.add(number);
	} else if (header.backup_type === 'inc') {
		for (let number = parent.fileNumber + 1; number < first; number++)
			if (history.size === 0 || history.has(number)) needed.add(number);
	}
	for (const part of parts) needed.add(part.header.file_number);
	for (const [number, path] of history)
		if (number < header.file_number && numbersOfName(path)?.incrementNumber === header.increment_number)
			needed.add(number);
	for (let number = first; number < header.file_number; number++) needed.add(number);
	return needed;
}

/**
 * A file that is needed and is no member.
 * @param damaged the damaged files of the set @param history of the file that needs it
 */
export function missingFile(
	damaged: readonly DamagedFile[],
	fileNumber: number,
	history: SetMember['history'],
): MissingFile {
	const path = history.get(fileNumber);
	const found =
		damaged.find((file) => path !== undefined && isPathTo(path, file.name)) ??
		damaged.find((file) => numbersOfName(file.name)?.fileNumber === fileNumber);
	return { fileNumber, name: path === undefined ? undefined : nameOfPath(path), damaged: found };
}

/** The damaged file that may be the last part of the split backup to which a member belongs. */
export function damagedLastPart({ damaged }: BackupSet, { header }: SetMember): MissingFile | undefined {
	for (const file of damaged) {
		const numbers = numbersOfName(file.name);
		if (numbers?.incrementNumber === header.increment_number && numbers.fileNumber > header.file_number)
			return { fileNumber: numbers.fileNumber, name: file.name, damaged: file };
	}
	return undefined;
}

/** Every point that `point` stands on, itself first, the full last. */
export function lineage(point: RestorePoint): RestorePoint[] {
	const line: RestorePoint[] = [];
	for (let at: RestorePoint | undefined = point; at !== undefined; at = at.parent) line.push(at);
	return line;
}

/** File and increment number of the next backup of a set. */
export function nextNumbers(set: Pick<BackupSet, 'members'>): { fileNumber: number; incrementNumber: number } {
	let fileNumber = 0;
	let incrementNumber = 0;
	for (const member of set.members) {
		const { header } = member;
		fileNumber = Math.max(fileNumber, ...numbersOf(member).map((number) => number + 1));
		incrementNumber = Math.max(incrementNumber, header.increment_number + header.merged_files.length + 1);
	}
	return { fileNumber, incrementNumber };
}

/** `file_history` of a new file of the set: what is there now, before the file's own entry. */
export function historyOf(set: Pick<BackupSet, 'members'>): { file_name: string; file_number: number }[] {
	return set.members.map((member) => ({ file_name: member.path, file_number: member.header.file_number }));
}

/** The partitions that a set is of: those of its newest backup. */
export function partitionsOf(set: BackupSet): DiskIdentities {
	return set.points.at(-1)?.member.disks ?? [];
}

/** When the newest backup of a set was likely made, in seconds since 1970; 0 for a set without one. @param now the same */
export function newestTime({ points }: BackupSet, now: number): number {
	return (
		likelyTimes(
			points.map(({ time }) => time),
			now,
		).at(-1) ?? 0
	);
}

/** The sets of exactly these partitions, newest first. Damaged ones are among them. @param now in seconds since 1970 */
export function matchingSets(sets: readonly BackupSet[], disks: DiskIdentities, now: number): BackupSet[] {
	const newest = (set: BackupSet) => newestTime(set, now);
	return sets.filter((set) => samePartitions(partitionsOf(set), disks)).sort((a, b) => newest(b) - newest(a));
}
