import { reportOf } from './bad-block-report.ts';
import type { PartitionLoad } from './load-plan.ts';
import type { BlockPool, LoadedBatch, LoadJob } from '../pipeline/types.ts';
import type { BadBlockReport } from '../requests/verify.ts';

/**
 * Decodes every block of the loads and compares its MD5.
 * @param files of the chain, by number @param onBatch is told what each batch has read @param onBad is told of each bad block
 * @throws AfterimageError what {@link BlockPool.load} throws
 */
export async function checkLoads(
	loads: readonly PartitionLoad[],
	files: LoadJob['files'],
	pool: BlockPool,
	onBatch: (batch: LoadedBatch) => void,
	onBad: (report: BadBlockReport) => void,
	signal: AbortSignal,
): Promise<void> {
	for (const load of loads) {
		for (const step of load.steps) {
			const job: LoadJob = { ...step.job, files, target: undefined };
			for await (const batch of pool.load(job, signal)) {
				onBatch(batch);
				for (const bad of batch.bad) onBad(reportOf(bad, step, load, job));
			}
		}
	}
}
