import { planFreeSpace } from '../../definition/retention/free-space.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFolder } from '../../image/image-folder.ts';
import { scanFolder } from '../../image/scan-folder.ts';
import { doSteps } from '../chain/purge-steps.ts';
import { retentionSet } from '../chain/retention-sets.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { BeforeWrite } from './store-partition.ts';

/** Free space is looked at again after this many bytes. */
const interval = 32 * 1024 * 1024;

/**
 * Keeps `minFree` bytes free while a backup runs: below it the run waits until the oldest sets have gone, never the one
 * that it writes or stands on.
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
	let unchecked = interval;
	let exhausted = false;
	return async (bytes) => {
		unchecked += bytes;
		if (unchecked < interval || exhausted) return;
		unchecked = 0;
		const { free } = await context.ports.volumes.placeOf(folder);
		if (free - interval >= minFree) return;
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
		await doSteps(folder, plan.steps, codec, progress, context);
		for (const note of plan.notes) logWarning(context, note.text);
		exhausted = plan.steps.length === 0;
	};
}
