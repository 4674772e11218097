import { blocksPerBatch, type Batch } from './batch.ts';
import type { CopyJob, LoadJob, StoreJob } from './types.ts';

/** Describes the next blocks of a job in `batch`; returns their number, 0 when the job has no more. */
export type BatchPlan = (batch: Batch) => number;

/** Used blocks in their order, each with the digest that the base has of it. */
export function planStore(job: StoreJob): BatchPlan {
	const { used, base } = job;
	const most = blocksPerBatch(job.blockSize);
	let block = used.next(0);
	return (batch) => {
		let count = 0;
		for (; count < most && block < used.count; block = used.next(block + 1)) {
			batch.blocks[count] = block;
			const known = base !== undefined && block < base.count && !base.isHole(block);
			batch.hasBase[count] = known ? 1 : 0;
			if (known) base.copyMd5(block, batch.md5, count * 16);
			count++;
		}
		return count;
	};
}

/** Stored blocks in their order, each with the place of its bytes and its digest. */
export function planLoad(job: LoadJob): BatchPlan {
	const { index } = job;
	const most = blocksPerBatch(job.blockSize);
	const next = job.only === undefined ? (from: number) => index.next(from) : nextOf(job.only, job);
	let block = next(0);
	return (batch) => {
		let count = 0;
		for (; count < most && block < index.count; block = next(block + 1)) {
			batch.blocks[count] = block;
			batch.lengths[count] = index.storedLength(block);
			batch.positions[count] = index.position(block);
			batch.fileNumbers[count] = index.fileNumber(block);
			index.copyMd5(block, batch.md5, count * 16);
			count++;
		}
		return count;
	};
}

/** Pieces that follow each other on the target without gaps. */
export function planCopy(job: CopyJob): BatchPlan {
	let target = 0;
	return (batch) => {
		const count = job.next(batch);
		batch.targetPosition[0] = target;
		for (let i = 0; i < count; i++) target += batch.lengths[i]!;
		return count;
	};
}

/** The members of an ascending list that are stored, one after another. */
function nextOf(only: Uint32Array, { index }: LoadJob): (from: number) => number {
	let at = 0;
	return (from) => {
		while (at < only.length && (only[at]! < from || only[at]! >= index.count || index.isHole(only[at]!))) at++;
		return at < only.length ? only[at]! : index.count;
	};
}
