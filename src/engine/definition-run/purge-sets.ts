import { planRetention } from '../../definition/retention/plan.ts';
import type { BackupType, RetentionRules } from '../../definition/retention/types.ts';
import { samePartitions } from '../../image/backup-set.ts';
import { openImageFolder } from '../../image/image-folder.ts';
import { scanFolder } from '../../image/scan-folder.ts';
import type { PartitionIdentity } from '../../image/set-member.ts';
import { clearLeftovers } from '../backup/leftovers.ts';
import { doSteps } from '../chain/purge-steps.ts';
import { retentionSet } from '../chain/retention-sets.ts';
import { lockFolder } from '../folder-lock.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import { Progress } from '../progress.ts';
import type { PurgeStep } from '../requests.ts';

/**
 * Applies the rules of a definition to its folder: to the sets with exactly its partitions, or to all.
 * @param coming type that is asked for of the backup that follows, which counts already; undefined after the backup
 */
export async function purgeSets(
	folder: string,
	rules: RetentionRules,
	partitions: readonly (readonly PartitionIdentity[])[],
	coming: BackupType | 'auto' | undefined,
	context: JobContext,
): Promise<PurgeStep[]> {
	const { clock, processes, volumes } = context.ports;
	const lock = lockFolder(folder, 'purge', processes, clock, (message) => logInfo(context, message));
	const codec = context.createCodec();
	const progress = new Progress(clock, context.emit);
	try {
		clearLeftovers(folder, context);
		const scan = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		const { free } = await volumes.placeOf(folder);
		const sets = scan.sets.map((set) =>
			retentionSet(set, samePartitions(set.points.at(-1)?.member.disks ?? [], partitions)),
		);
		const joins = sets.some((set) => set.matching && set.damage === undefined);
		const plan = planRetention({
			sets,
			rules,
			now: clock.now(),
			zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
			coming: coming === undefined ? undefined : !joins ? 'full' : coming === 'auto' ? 'inc' : coming,
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

/** Whether the rules can do anything at all. */
export function hasRules(rules: RetentionRules): boolean {
	const { full, differential, incremental, minFreeBytes } = rules;
	return full.enabled || differential.enabled || incremental.enabled || minFreeBytes !== undefined;
}
