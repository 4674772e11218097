import { localZone } from '../../base/local-zone.ts';
import { planRetention } from '../../definition/retention/plan.ts';
import type { BackupSet as RetentionSet, BackupType, RetentionRules } from '../../definition/retention/types.ts';
import { partitionsOf } from '../../image/set/backup-set.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { areIdentified, samePartitions, type DiskIdentities } from '../../image/set/partition-identity.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import { clearLeftovers } from '../backup/destination/leftovers.ts';
import { doSteps } from '../chain/purge-steps.ts';
import { retentionSet } from '../chain/retention-sets.ts';
import { warnOfUnknownRoom } from '../chain/unknown-room.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import { Progress } from '../progress.ts';
import type { ImageResult } from '../requests/image.ts';
import type { PurgeStep } from '../requests/retention.ts';
import { lockForJob } from '../run-lock.ts';
import { readVerified } from '../verified-record.ts';

/** When rules are applied: before a backup, which counts already with the type that is asked for, or after it. */
export type PurgeTime = { readonly coming: BackupType | 'auto' } | { readonly made: ImageResult };

/** Applies the rules of a definition to its folder: to the sets of exactly its partitions, or to all. */
export async function purgeSets(
	folder: string,
	rules: RetentionRules,
	partitions: DiskIdentities,
	time: PurgeTime,
	context: JobContext,
): Promise<PurgeStep[]> {
	const { clock, volumes } = context.ports;
	if (rules.scope === 'matching' && !areIdentified(partitions)) {
		logWarning(
			context,
			'No rule reaches the earlier sets of these partitions: no disk id and no UUID tells them from those of other disks',
			'Delete them by hand, or apply the rules to all sets of the folder.',
		);
	}
	const lock = lockForJob(folder, 'purge', context);
	const codec = context.createCodec();
	const progress = new Progress(clock, context.emit);
	try {
		await clearLeftovers(folder, context);
		const scan = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		const { free } = await volumes.placeOf(folder);
		if (free === undefined && rules.minFreeBytes !== undefined) warnOfUnknownRoom(folder, context);
		const noted = readVerified(folder);
		const made = 'made' in time ? time.made.imageId : undefined;
		const sets = scan.sets.map((set) =>
			retentionSet(set, set.imageid === made || samePartitions(partitionsOf(set), partitions), noted),
		);
		const plan = planRetention({
			sets,
			rules,
			now: clock.now(),
			zone: localZone(),
			coming: 'coming' in time ? comingType(sets, time.coming) : undefined,
			freeBytes: free,
		});
		for (const note of plan.notes) logInfo(context, note.text);
		return await doSteps(folder, plan.steps, codec, progress, context);
	} finally {
		progress.stop();
		lock.release();
		codec.dispose();
	}
}

/** The type of the backup to come: a full where there is no set that it can join. */
function comingType(sets: readonly RetentionSet[], asked: BackupType | 'auto'): BackupType {
	const joins = sets.some((set) => set.matching && set.damage === undefined);
	if (!joins) return 'full';
	return asked === 'auto' ? 'inc' : asked;
}

/** Whether the rules can do anything at all. */
export function hasRules(rules: RetentionRules): boolean {
	const { full, differential, incremental, minFreeBytes } = rules;
	return full.enabled || differential.enabled || incremental.enabled || minFreeBytes !== undefined;
}
