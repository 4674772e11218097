import { throwIfAborted } from '../../../base/abort.ts';
import { reportOf } from '../../load/bad-block-report.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import { bytesOf } from '../../load/load-plan.ts';
import type { ChainFiles } from '../../load/open-image.ts';
import type { BlockPool } from '../../pipeline/types.ts';
import { Progress } from '../../progress.ts';
import type { RestoreRequest, RestoreResult } from '../../requests/restore.ts';
import { clearFreeSpace } from './clear-ranges.ts';
import { damagedBlock, explainFailure } from './failures.ts';
import { holdsBlock, LostBlocks } from './lost-blocks.ts';
import { readBack } from './read-back.ts';
import type { RestorePlan } from '../restore-plan.ts';

/** Writes what is planned through one descriptor: data first, the partition table last. */
export async function writeTarget(
	request: RestoreRequest,
	plan: RestorePlan,
	opened: ChainFiles,
	context: JobContext,
): Promise<Omit<RestoreResult, 'seconds' | 'damage'>> {
	const { target, loads, table, moved, erased, created } = plan;
	for (const warning of plan.warnings) logWarning(context, warning);
	for (const note of plan.notes) logInfo(context, note);
	const pool = context.createPool();
	const progress = new Progress(context.ports.clock, context.emit);
	let written = false;
	try {
		for (const { offset, length } of created ? [] : (table?.invalidate ?? [])) {
			await target.write(offset, new Uint8Array(length));
		}
		for (const { offset, data } of erased) await target.write(offset, data);
		progress.start('restore', bytesOf(loads));
		const { writtenBlocks, lost } = await writeBlocks(request, plan, opened, pool, progress, context);
		if (request.freeSpace !== 'keep' && !created) await clearFreeSpace(request.freeSpace, plan, progress, context);
		throwIfAborted(context.signal);
		// What was discarded may read as it was.
		const around = [...erased, ...moved, ...(table?.writes ?? [])];
		for (const { offset, data } of around) await target.write(offset, data);
		await target.flush();
		written = true;
		let verifiedBlocks: number | undefined;
		try {
			if (request.verify) verifiedBlocks = await readBack(plan, lost, pool, progress, context.signal);
		} finally {
			// Not before: Windows mounts the volumes that it finds, and its file systems write to them at once.
			if (table !== undefined) tellSystem(plan, context);
		}
		const steps = loads.flatMap((load) => load.steps);
		return {
			target: target.device.path,
			bytes: bytesOf(loads),
			blocks: steps.reduce((sum, step) => sum + step.blocks, 0),
			writtenBlocks,
			verifiedBlocks,
			bad: lost.reports,
			diskId: table?.diskId ?? loads[0]?.disk._header.disk_signature ?? '',
		};
	} catch (error) {
		throw explainFailure(error, plan, written);
	} finally {
		progress.stop();
		await pool.close();
	}
}

async function writeBlocks(
	request: RestoreRequest,
	plan: RestorePlan,
	{ files }: ChainFiles,
	pool: BlockPool,
	progress: Progress,
	context: JobContext,
): Promise<{ writtenBlocks: number; lost: LostBlocks }> {
	const { target, loads, shift, created } = plan;
	const lost = new LostBlocks();
	let writtenBlocks = 0;
	for (const load of loads) {
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

function tellSystem({ target }: RestorePlan, context: JobContext): void {
	if (target.rereadPartitions()) return;
	const { path } = target.device;
	logWarning(
		context,
		`The system still shows the partitions that ${path} had before`,
		path.startsWith('/dev/')
			? `Run partprobe ${path}, or start the computer anew.`
			: 'Take the disk offline and online again in Disk Management, or start the computer anew.',
	);
}
