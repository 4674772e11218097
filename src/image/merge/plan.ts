import { AfterimageError } from '../../base/errors.ts';
import type { BackupSet, RestorePoint } from '../set/backup-set.ts';
import { missingPhrases } from '../set/missing-files.ts';
import { numbersOf, type SetMember } from '../set/set-member.ts';
import type { References } from './references.ts';

/** One file that is written anew and replaces another; after each step every remaining point restores. */
export interface MergeStep {
	/**
	 * `merge`: the files of the range become one. `detach`: a later file takes in the reserved blocks (FAT) that it had
	 * left in the range, so that the merge does not take them from it.
	 */
	readonly kind: 'merge' | 'detach';
	/** Files that are read, oldest first; the new one takes the path and the numbers of the first. */
	readonly sources: readonly SetMember[];
	/** Files to remove when the new one stands in its place. */
	readonly removes: readonly SetMember[];
	/** File numbers whose reserved blocks are copied too. */
	readonly takes: ReadonlySet<number>;
}

/** Steps in the order in which they must be done. */
export interface MergePlan {
	readonly steps: readonly MergeStep[];
}

/** The points of a range by file numbers, or why they are none. */
function rangeOf(set: BackupSet, oldest: number, newest: number): RestorePoint[] | string {
	const from = set.points.findIndex((point) => point.fileNumber === oldest);
	const to = set.points.findIndex((point) => point.fileNumber === newest);
	if (from === -1 || to === -1) return `the set has no backup with file number ${from === -1 ? oldest : newest}`;
	if (from >= to) return 'a merge needs at least two backups, the oldest first';
	return set.points.slice(from, to + 1);
}

/**
 * Why the backups from `oldest` to `newest` cannot become one file, as far as the tails of the files tell; undefined
 * when nothing speaks against it. Both are file numbers of points.
 */
export function mergeObstacle(set: BackupSet, oldest: number, newest: number): string | undefined {
	const range = rangeOf(set, oldest, newest);
	if (typeof range === 'string') return range;
	const [first] = range;
	const names = (points: readonly RestorePoint[]) => points.map((point) => point.member.name).join(', ');
	const split = range.filter((point) => point.parts.length > 1);
	if (split.length > 0) return `${names(split)}: a backup that was split into several files cannot be merged`;
	const across = range.slice(1).filter((point) => point.type !== 'inc');
	if (across.length > 0) return `${names(across)}: a merge cannot go across a differential or a full`;
	const missing = range.flatMap((point) => point.missing);
	if (missing.length > 0) return missingPhrases(missing)[0];
	if (first!.type === 'full') {
		const standing = set.points.filter((point) => point.type === 'diff' && point.fileNumber > newest);
		if (standing.length > 0) return `${names(standing)}: the full cannot be rolled while a differential stands on it`;
	}
	for (const { member } of range) {
		const differs = difference(first!.member, member);
		if (differs !== undefined) return `${member.name}: ${differs} is not that of ${first!.member.name}`;
	}
	return undefined;
}

function difference(a: SetMember, b: SetMember): string | undefined {
	if ((a.compressionLevel === 'none') !== (b.compressionLevel === 'none')) return 'compression';
	if (
		a.encryption.aes_type !== b.encryption.aes_type ||
		a.encryption.hmac.toLowerCase() !== b.encryption.hmac.toLowerCase()
	)
		return 'encryption';
	if (placesOf(a) !== placesOf(b)) return 'list of partitions';
	return undefined;
}

/** Which partitions a file has, in its order. What is in them does not count: one that was formatted anew is the same. */
function placesOf({ disks }: SetMember): string {
	return JSON.stringify(disks.map((partitions) => partitions.map(({ disk, offset }) => [disk, offset])));
}

/**
 * Plans the consolidation of a range into one file. A range that begins with the full rolls the full forward.
 * @param references what later files hold of the range's files
 * @throws AfterimageError `not-supported` with the reason
 */
export function planMerge(set: BackupSet, oldest: number, newest: number, references: References): MergePlan {
	const obstacle = mergeObstacle(set, oldest, newest);
	if (obstacle !== undefined) throw refuse(obstacle);
	const sources = (rangeOf(set, oldest, newest) as RestorePoint[]).map((point) => point.member);
	const numbers = new Set(sources.flatMap(numbersOf));
	const bound = references.filter((reference) => reference.blocks);
	if (bound.length > 0)
		throw refuse(`${bound.map(({ member }) => member.name).join(', ')}: its complete index points into the range`);
	const detach = references
		.filter((reference) => reference.reserved)
		.map(({ member }): MergeStep => ({ kind: 'detach', sources: [member], removes: [], takes: numbers }));
	return { steps: [...detach, { kind: 'merge', sources, removes: sources.slice(1), takes: new Set() }] };
}

function refuse(reason: string): AfterimageError {
	return new AfterimageError('not-supported', `These backups cannot be merged: ${reason}`, { details: { reason } });
}
