import { resolve } from 'node:path';
import { localZone } from '../../base/local-zone.ts';
import { planFreeSpace } from '../../definition/retention/free-space.ts';
import { applyPlan } from '../../definition/retention/apply.ts';
import { planRetention } from '../../definition/retention/plan.ts';
import type { BackupSet as RetentionSet, RetentionPlan, RetentionRules } from '../../definition/retention/types.ts';
import { partitionsOf, type BackupSet } from '../../image/set/backup-set.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { areIdentified, samePartitions } from '../../image/set/partition-identity.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import { supersededPhrase } from '../../image/set/superseded.ts';
import { clearLeftovers } from '../backup/destination/leftovers.ts';
import { describeSteps, doSteps } from '../chain/purge-steps.ts';
import { absorbedFiles, retentionSet } from '../chain/retention-sets.ts';
import { warnOfUnknownRoom } from '../chain/unknown-room.ts';
import { lockFolder } from '../folder-lock.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import { expectFolder } from '../ports/expect-path.ts';
import { Progress } from '../progress.ts';
import { readVerified, type VerifiedNotes } from '../verified-record.ts';
import type { PurgeRequest, PurgeResult } from '../requests/retention.ts';

/** Applies retention rules to the sets of a folder: to each group of sets with the same partitions, or to all at once. */
export async function runPurge(request: PurgeRequest, context: JobContext): Promise<PurgeResult> {
	const { clock, processes, volumes } = context.ports;
	const folder = resolve(request.folder);
	expectFolder(folder, 'destination-missing');
	const codec = context.createCodec();
	const say = (message: string) => logInfo(context, message);
	const lock = request.dryRun ? undefined : lockFolder(folder, 'purge', processes, clock, say);
	const progress = new Progress(clock, context.emit);
	try {
		if (!request.dryRun) await clearLeftovers(folder, context);
		const scan = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		const { free } = await volumes.placeOf(folder);
		if (free === undefined && request.rules.minFreeBytes !== undefined) warnOfUnknownRoom(folder, context);
		const plan = planFolder(scan.sets, request.rules, clock.now(), free, readVerified(folder));
		const steps = request.dryRun
			? await describeSteps(folder, plan.steps, codec, context)
			: await doSteps(folder, plan.steps, codec, progress, context, (message) =>
					context.emit({ type: 'log', level: 'info', message, inResult: true }),
				);
		return {
			folder,
			steps,
			notes: [
				...plan.notes.map((note) => note.text),
				...(request.rules.scope === 'all' ? [] : scan.sets.flatMap(namelessPhrase)),
				...scan.sets.flatMap(copiesOf),
			],
			freedBytes: steps.reduce((sum, step) => sum + step.freedBytes, 0),
			dryRun: request.dryRun,
		};
	} finally {
		progress.stop();
		lock?.release();
		codec.dispose();
	}
}

/** Why a set is in no group with others, in words; nothing where it may be. */
function namelessPhrase(set: BackupSet): string[] {
	if (set.points.length === 0 || areIdentified(partitionsOf(set))) return [];
	return [
		`Set ${set.imageid} is of a disk without an id that no UUID tells from others: no other set is taken to be of the same.`,
	];
}

/** Files that no rule is about, in words. */
function copiesOf(set: BackupSet): string[] {
	const leftovers = absorbedFiles(set);
	const copies = set.superseded.filter((file) => !leftovers.includes(file));
	return copies.map((file) => supersededPhrase(set, file));
}

/**
 * The rules applied to a whole folder: group after group, and the free-space rule last, across all of them.
 * @param freeBytes undefined where that is not known, so that nothing goes for it
 */
export function planFolder(
	sets: readonly BackupSet[],
	rules: RetentionRules,
	now: number,
	freeBytes: number | undefined,
	noted: VerifiedNotes,
): RetentionPlan {
	const zone = localZone();
	const { minFreeBytes } = rules;
	const groups = rules.scope === 'all' ? [sets] : groupsOf(sets);
	let current: RetentionSet[] = sets.map((set) => retentionSet(set, true, noted));
	const steps: RetentionPlan['steps'][number][] = [];
	const notes: RetentionPlan['notes'][number][] = [];
	for (const group of groups) {
		const ids = new Set(group.map((set) => set.imageid));
		const input = {
			sets: current.filter((set) => ids.has(set.id)),
			rules: { ...rules, minFreeBytes: undefined },
			now,
			zone,
		};
		const plan = planRetention(input);
		steps.push(...plan.steps);
		notes.push(...plan.notes);
		current = applyPlan(current, plan.steps);
	}
	if (minFreeBytes !== undefined && freeBytes !== undefined) {
		const freed = steps.reduce((sum, step) => sum + step.bytesFreed, 0);
		const plan = planFreeSpace({ sets: current, scope: 'all', freeBytes: freeBytes + freed, minFreeBytes, now });
		steps.push(...plan.steps);
		notes.push(...plan.notes.filter((note) => !notes.some((other) => other.text === note.text)));
	}
	return { steps, notes };
}

/** Sets of exactly the same partitions. One that cannot be told from those of other disks is a group of its own. */
function groupsOf(sets: readonly BackupSet[]): BackupSet[][] {
	const groups: BackupSet[][] = [];
	for (const set of sets) {
		const group = groups.find((one) => samePartitions(partitionsOf(one[0]!), partitionsOf(set)));
		if (group === undefined) groups.push([set]);
		else group.push(set);
	}
	return groups;
}
