import { logInfo, type JobContext } from '../../job-context.ts';
import { reportOf } from '../../load/bad-block-report.ts';
import type { ChainFiles } from '../../load/open-image.ts';
import type { BlockPool } from '../../pipeline/types.ts';
import type { Progress } from '../../progress.ts';
import type { RestoreRequest } from '../../requests/restore.ts';
import { shiftOf, type RestorePlan } from '../restore-plan.ts';
import { damagedBlock } from './failures.ts';
import { holdsBlock, LostBlocks } from './lost-blocks.ts';

/**
 * Writes the blocks of an image to their places.
 * @returns how many were written, and which are damaged
 * @throws AfterimageError `image-damaged` at the first damaged block, unless those are to be skipped
 */
export async function writeBlocks(
	request: Pick<RestoreRequest, 'delta' | 'skipBadBlocks'>,
	plan: RestorePlan,
	{ files }: ChainFiles,
	pool: BlockPool,
	progress: Progress,
	context: JobContext,
): Promise<{ writtenBlocks: number; lost: LostBlocks }> {
	const { target, loads, created } = plan;
	const lost = new LostBlocks();
	let writtenBlocks = 0;
	for (const load of loads) {
		const shift = shiftOf(plan, load);
		for (const step of load.steps) {
			const to = { fd: target.fd, start: step.diskStart + shift, delta: request.delta };
			const job = { ...step.job, files, target: to };
			for await (const batch of pool.load(job, context.signal)) {
				for (const bad of batch.bad) {
					const report = reportOf(bad, step, load, job);
					if (!request.skipBadBlocks) throw damagedBlock(report, plan);
					const empty = created || report.end === report.start;
					const at = empty ? undefined : to.start + bad.block * job.blockSize;
					if (request.delta && at !== undefined && (await holdsBlock(target, at, job.index, report))) {
						logInfo(context, `Partition ${report.partition}, block ${bad.block} is damaged, but the target holds it`);
					} else {
						await lost.add(job.index, report, target, at);
					}
				}
				writtenBlocks += batch.writtenBlocks;
				progress.add(batch.rawBytes, batch.storedBytes, 0);
			}
		}
	}
	return { writtenBlocks, lost };
}
