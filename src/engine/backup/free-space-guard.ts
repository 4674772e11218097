import { planFreeSpace } from '../../definition/retention/free-space.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { scanFolder } from '../../image/set/scan-folder.ts';
import { doSteps } from '../chain/purge-steps.ts';
import { retentionSet } from '../chain/retention-sets.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { BeforeWrite } from './store-partition.ts';

/** Free space is looked at again after this many bytes. */
const interval = 32 * 1024 * 1024;

/**
 * Keeps `minFree` bytes free while a backup runs: below it the run waits until the oldest sets have gone, never the one
 * that it writes or stands on. Sets go one after another, and no more of them where that frees nothing.
 */
export function freeSpaceGuard(
	folder: string,
	minFree: number | undefined,
	imageId: string,
	codec: BlockCodec,
	progress: Progress,
	context: JobContext,
): BeforeWrite {
	if (minFree === undefined) return () => Promise.resolve();
	const { volumes } = context.ports;
	const freeIn = async () => (await volumes.placeOf(folder)).free;
	const isEnough = (free: number) => free - interval >= minFree;
	let unchecked = interval;
	let written = 0;
	/** What is free when it was last known for certain, before `written` bytes. */
	let known: number | undefined;
	let exhausted = false;
	return async (bytes) => {
		written += bytes;
		unchecked += bytes;
		if (unchecked < interval || exhausted) return;
		unchecked = 0;
		const counted = await freeIn();
		known ??= counted + written;
		if (isEnough(Math.min(counted, known - written))) return;
		// Btrfs counts neither what was written nor what was deleted before it commits.
		await volumes.settle(folder);
		const free = await freeIn();
		[known, written] = [free, 0];
		if (isEnough(free)) return;
		logInfo(context, `${formatBytes(free)} free in ${folder}: paused to delete the oldest sets`);
		const scan = await scanFolder(openImageFolder(folder), { codec }, context.signal);
		const sets = scan.sets.map((set) => retentionSet(set, true));
		const plan = planFreeSpace({
			sets,
			scope: 'all',
			freeBytes: free - interval,
			minFreeBytes: minFree,
			protect: [imageId],
		});
		exhausted = plan.steps.length === 0;
		for (const note of plan.notes) logWarning(context, note.text);
		for (const step of plan.steps) {
			const before = known;
			if (isEnough(before)) return;
			await doSteps(folder, [step], codec, progress, context);
			known = await freeIn();
			const gained = known - before;
			if (gained >= step.bytesFreed / 2) continue;
			exhausted = true;
			logWarning(
				context,
				`Set ${step.setId} was deleted and only ${formatBytes(Math.max(0, gained))} of its ${formatBytes(step.bytesFreed)} became free in ${folder}: no more sets are deleted`,
				'Look for what holds them: snapshots of the file system, links, a recycle bin of the share, programs that write there.',
			);
			return;
		}
	};
}
