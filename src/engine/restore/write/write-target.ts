import { throwIfAborted } from '../../../base/abort.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import type { ChainFiles } from '../../load/open-image.ts';
import { Progress } from '../../progress.ts';
import type { RestoreRequest, RestoreResult } from '../../requests/restore.ts';
import { clearFreeSpace } from './clear-ranges.ts';
import { explainFailure } from './failures.ts';
import { readBack } from './read-back.ts';
import { plannedBytes, type RestorePlan } from '../restore-plan.ts';
import { writeBlocks } from './write-blocks.ts';
import { writeCopy } from './write-copy.ts';

/** Writes what is planned through one descriptor: data first, the partition table last. */
export async function writeTarget(
	request: RestoreRequest,
	plan: RestorePlan,
	opened: ChainFiles,
	context: JobContext,
): Promise<Omit<RestoreResult, 'seconds' | 'damage'>> {
	const { target, loads, shrunk, table, moved, erased, created } = plan;
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
		progress.start('restore', plannedBytes(plan));
		const { writtenBlocks: fromImage, lost } = await writeBlocks(request, plan, opened, pool, progress, context);
		let writtenBlocks = fromImage;
		for (const one of shrunk) writtenBlocks += await writeCopy(one, plan, request.delta, progress, context.signal);
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
		const fromCopies = shrunk.reduce((sum, { copy }) => sum + (copy?.used.used() ?? 0), 0);
		const steps = loads.flatMap((load) => load.steps);
		return {
			target: target.device.path,
			bytes: plannedBytes(plan),
			blocks: steps.reduce((sum, step) => sum + step.blocks, fromCopies),
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
