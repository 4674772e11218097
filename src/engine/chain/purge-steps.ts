import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { RetentionStep } from '../../definition/retention/types.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { PurgeStep } from '../requests/retention.ts';
import { backupsOf, deleteBackup } from './delete-files.ts';
import { estimateMerge, mergeRange, type MergedRange, type RangeOfSet } from './merge-range.ts';

/**
 * Does the steps of a plan in their order; each leaves every remaining backup restorable, also when it is interrupted.
 * What they free counts as free afterwards. A merge that the files of a set do not allow is left out with a warning; one
 * that finds them damaged fails when the other steps are done.
 * @param tell is given the reason of each step that is done; by default it is logged
 */
export async function doSteps(
	folder: string,
	steps: readonly RetentionStep[],
	codec: BlockCodec,
	progress: Progress,
	context: JobContext,
	tell = (reason: string) => logInfo(context, reason),
): Promise<PurgeStep[]> {
	const done: PurgeStep[] = [];
	const damages: AfterimageError[] = [];
	for (const step of steps) {
		throwIfAborted(context.signal);
		if (!isMerge(step)) {
			const doomed = step.files.map(({ name, incrementNumber }) => ({ path: name, incrementNumber }));
			for (const backup of backupsOf(doomed)) await deleteBackup(backup);
			done.push(purgeStep(step, step.bytesFreed));
		} else {
			// The set is read anew: the steps before this one may have changed it.
			const merge = async () =>
				mergeRange(await rangeOf(folder, step, codec, context.signal), codec, progress, context);
			const merged = await unlessRefused(step, merge, context, (damage) => damages.push(damage));
			if (merged === undefined) continue;
			done.push(purgeStep(step, merged.freedBytes));
		}
		tell(step.reason);
	}
	if (done.length > 0) await context.ports.volumes.settle(folder);
	if (damages[0] !== undefined) throw damages[0];
	return done;
}

/** What the steps would do, with what merges would free read from the indexes. Those that would fail are warned of. */
export async function describeSteps(
	folder: string,
	steps: readonly RetentionStep[],
	codec: BlockCodec,
	context: JobContext,
): Promise<PurgeStep[]> {
	const { signal } = context;
	const described: PurgeStep[] = [];
	const touched = new Set<string>();
	const tellDamage = (damage: AfterimageError) => logWarning(context, `A merge would fail: ${damage.message}`);
	for (const step of steps) {
		// What an earlier step of this plan changes cannot be read yet; the planner's own figure stands then.
		const known = isMerge(step) && !touched.has(step.setId);
		const estimate = async () => estimateMerge(await rangeOf(folder, step, codec, signal), codec, signal);
		const merged = known ? await unlessRefused(step, estimate, context, tellDamage) : undefined;
		if (known && merged === undefined) continue;
		touched.add(step.setId);
		described.push(purgeStep(step, merged?.freedBytes ?? step.bytesFreed));
	}
	return described;
}

/**
 * Undefined for a merge of files that the planner could not know to be of different kinds, since Macrium may have made them,
 * which is warned of, and for files that are damaged, which `onDamage` is told.
 */
async function unlessRefused(
	step: RetentionStep,
	merge: () => Promise<MergedRange>,
	context: JobContext,
	onDamage: (damage: AfterimageError) => void,
): Promise<MergedRange | undefined> {
	try {
		return await merge();
	} catch (error) {
		if (isAfterimageError(error, 'image-damaged')) {
			onDamage(error);
			return undefined;
		}
		if (!isAfterimageError(error, 'not-supported')) throw error;
		logWarning(context, `Incrementals of set ${step.setId} stay: ${error.message}`);
		return undefined;
	}
}

function isMerge(step: RetentionStep): boolean {
	return step.kind === 'merge' || step.kind === 'roll-forward';
}

function purgeStep(step: RetentionStep, freedBytes: number): PurgeStep {
	return {
		kind: step.kind,
		imageId: step.setId,
		files: step.files.map((file) => file.name),
		reason: step.reason,
		freedBytes,
	};
}

/** The backups of a step, as they are now. */
async function rangeOf(
	path: string,
	{ setId, files }: RetentionStep,
	codec: BlockCodec,
	signal: AbortSignal,
): Promise<RangeOfSet> {
	const folder = openImageFolder(path);
	const { sets } = await scanFolder(folder, { codec }, signal);
	const set = sets.find((one) => one.imageid === setId);
	if (set === undefined) throw new AfterimageError('file-missing', `Set ${setId} has gone from ${path}`);
	return { folder, set, oldest: files[0]!.fileNumber, newest: files.at(-1)!.fileNumber };
}
