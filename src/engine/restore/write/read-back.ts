import type { PlannedWrite } from '../../../disk/partition-table/planned-write.ts';
import { UsedBlocks } from '../../../disk/used-blocks.ts';
import type { BlockPool } from '../../pipeline/types.ts';
import type { LoadStep } from '../../load/load-plan.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';
import type { Progress } from '../../progress.ts';
import type { LostBlocks } from './lost-blocks.ts';
import { holdsMoved, touchesAny } from './moved-blocks.ts';
import { plannedBytes, shiftOf, type MovedWrite, type RestorePlan } from '../restore-plan.ts';
import { differs } from './differs.ts';
import { compareCopy } from './write-copy.ts';

/**
 * Reads everything that was written from the target and compares it with what the image promises: each block by its
 * MD5, the partition table and what tells a volume its place byte for byte.
 * @param lost blocks that were not written
 * @returns blocks that were compared
 * @throws AfterimageError `write-error` naming the first place that differs
 */
export async function readBack(
	plan: RestorePlan,
	lost: LostBlocks,
	pool: BlockPool,
	progress: Progress,
	signal: AbortSignal,
): Promise<number> {
	const { target, loads, shrunk, moved, erased, table } = plan;
	target.refresh();
	progress.start('read-back', plannedBytes(plan));
	let blocks = 0;
	for (const load of loads) {
		const shift = shiftOf(plan, load);
		for (const step of load.steps) blocks += await compareStep(step, shift, plan, lost, pool, progress, signal);
	}
	for (const one of shrunk) blocks += await compareCopy(one, target, progress, signal);
	await compareWrites(target, [...erased, ...moved, ...(table?.writes ?? [])]);
	progress.stop();
	return blocks;
}

/** @returns blocks that were compared */
async function compareStep(
	step: LoadStep,
	shift: number,
	{ target, moved }: RestorePlan,
	lost: LostBlocks,
	pool: BlockPool,
	progress: Progress,
	signal: AbortSignal,
): Promise<number> {
	const { index, length, blockSize } = step.job;
	const start = step.diskStart + shift;
	const { used, changed } = writtenBlocks(step, start, moved, lost);
	const how = { base: index, level: undefined, cipher: undefined, skipBadSectors: false };
	let blocks = 0;
	for await (const batch of pool.store({ fd: target.fd, start, length, blockSize, used, ...how }, signal)) {
		try {
			const differing = batch.lengths.subarray(0, batch.count).findIndex((stored) => stored !== 0);
			if (differing !== -1) throw differs(target, start + batch.blocks[differing]! * blockSize);
			blocks += batch.count;
			progress.add(batch.rawBytes, batch.rawBytes, 0);
		} finally {
			batch.release();
		}
	}
	for (const { block, ...range } of changed) {
		if (!(await holdsMoved(target, range, moved, index, block))) throw differs(target, range.at);
		blocks++;
		progress.add(range.length, range.length, 0);
	}
	return blocks;
}

/** A block of which the target holds other bytes than the image. */
interface ChangedBlock {
	readonly block: number;
	/** Byte of the target. */
	readonly at: number;
	readonly length: number;
}

/** The blocks of a step that were written: as the image has them, and with bytes that are others than there. */
function writtenBlocks(
	{ job: { index, length, blockSize, only } }: LoadStep,
	start: number,
	moved: readonly MovedWrite[],
	lost: LostBlocks,
): { readonly used: UsedBlocks; readonly changed: readonly ChangedBlock[] } {
	const used = new UsedBlocks(0, length, blockSize);
	const changed: ChangedBlock[] = [];
	const mark = (block: number) => {
		if (lost.has(index, block)) return;
		const range = { at: start + block * blockSize, length: Math.min(blockSize, length - block * blockSize) };
		if (touchesAny(moved, range)) changed.push({ block, ...range });
		else used.add(block * blockSize, (block + 1) * blockSize);
	};
	if (only !== undefined) only.forEach(mark);
	else for (let block = index.next(0); block < index.count; block = index.next(block + 1)) mark(block);
	return { used, changed };
}

/** Later writes may cover parts of earlier ones; the last one at a place counts. */
async function compareWrites(target: OpenDisk, writes: readonly PlannedWrite[]): Promise<void> {
	for (const [i, { offset, data }] of writes.entries()) {
		const found = new Uint8Array(data.length);
		await target.read(offset, found);
		const wrong = data.findIndex(
			(byte, at) => byte !== found[at] && !writes.slice(i + 1).some((later) => covers(later, offset + at)),
		);
		if (wrong !== -1) throw differs(target, offset + wrong);
	}
}

function covers({ offset, data }: PlannedWrite, byte: number): boolean {
	return byte >= offset && byte < offset + data.length;
}
