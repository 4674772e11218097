import { lineage, type BackupSet, type RestorePoint } from '../../image/set/backup-set.ts';

/** A set of which backups are to be verified. */
export interface AskedSet {
	readonly set: BackupSet;
	/** Undefined: all of them. */
	readonly wanted: ReadonlySet<RestorePoint> | undefined;
	/** When the first of the blocks was read that a backup needs, in ms since 1970; undefined: it was never verified. */
	readonly verifiedSince: (point: RestorePoint) => number | undefined;
}

/** What is verified of a set. */
export interface SetPlan<T extends AskedSet> {
	readonly asked: T;
	/** Backups that are verified, oldest first. */
	readonly due: readonly RestorePoint[];
	/** Backups that were verified a short while ago, and since when all that they need is known to be sound: it is not read again. */
	readonly young: ReadonlyMap<RestorePoint, number>;
	/** Bytes of the files that are read for each of {@link due} alone: of blocks of files that no earlier one needs. */
	readonly bytes: readonly number[];
}

export interface VerificationPlan<T extends AskedSet> {
	/** Sets with something to verify: first the one whose backups were not verified for the longest time. */
	readonly sets: readonly SetPlan<T>[];
	/** Backups that were asked for and are left out, having been verified a short while ago. */
	readonly leftOut: number;
	/** When the first of them is due, in ms since 1970. */
	readonly nextDue: number | undefined;
}

const dayMilliseconds = 24 * 3600 * 1000;

/**
 * Plans which backups are verified, and in which order. Those that lack files are not among them.
 * @param now in ms since 1970 @param days backups that were verified within so many are left out; undefined: none is
 */
export function planVerification<T extends AskedSet>(
	asked: readonly T[],
	now: number,
	days: number | undefined,
): VerificationPlan<T> {
	const oldest = now - (days ?? 0) * dayMilliseconds;
	const sets: { plan: SetPlan<T>; last: number; made: number }[] = [];
	const leftOut: number[] = [];
	for (const one of asked) {
		const young = new Map<RestorePoint, number>();
		const due: RestorePoint[] = [];
		let last = Infinity;
		for (const point of one.set.points) {
			if (point.missing.length > 0) continue;
			const since = one.verifiedSince(point);
			const isWanted = one.wanted?.has(point) !== false;
			// A time that is yet to come is none: the clock was set back since.
			if (days !== undefined && since !== undefined && since > oldest && since <= now) {
				young.set(point, since);
				if (isWanted) leftOut.push(since);
			} else if (isWanted) {
				due.push(point);
				last = Math.min(last, since ?? -Infinity);
			}
		}
		if (due.length === 0) continue;
		sets.push({ plan: { asked: one, due, young, bytes: bytesOf(one.set, due, young) }, last, made: due[0]!.time });
	}
	sets.sort((a, b) => (a.last === b.last ? a.made - b.made : a.last - b.last));
	return {
		sets: sets.map(({ plan }) => plan),
		leftOut: leftOut.length,
		nextDue: leftOut.length === 0 ? undefined : Math.min(...leftOut) + (days ?? 0) * dayMilliseconds,
	};
}

/**
 * Since when all that a backup needs is known to be sound once it was verified: since now, or since the oldest of the
 * earlier backups was verified whose blocks were not read again.
 */
export function soundSince(point: RestorePoint, young: ReadonlyMap<RestorePoint, number>, now: number): number {
	let since = now;
	for (const [earlier, time] of young) if (earlier.fileNumber < point.fileNumber) since = Math.min(since, time);
	return since;
}

/** Files that are not read whole count whole: what their indexes say is known only when they are read. */
function bytesOf(
	set: BackupSet,
	due: readonly RestorePoint[],
	young: ReadonlyMap<RestorePoint, number>,
): readonly number[] {
	const wanted = new Set(due);
	const seen = new Set<RestorePoint>();
	const bytes: number[] = [];
	for (const point of set.points) {
		if (!wanted.has(point) && !young.has(point)) continue;
		let own = 0;
		for (const needed of lineage(point)) {
			if (seen.has(needed)) break;
			seen.add(needed);
			own += needed.parts.reduce((sum, part) => sum + part.dataEnd, 0);
		}
		if (wanted.has(point)) bytes.push(own);
	}
	return bytes;
}
