import { partitionLayout } from '../../image/partition-layout.ts';
import type { LoadStep, PartitionLoad } from './load-plan.ts';
import type { BadBlock, LoadJob } from '../pipeline/types.ts';
import type { BadBlockReport } from '../requests/verify.ts';

/** A bad block as a person can find it: by partition and bytes. */
export function reportOf(bad: BadBlock, step: LoadStep, load: PartitionLoad, job: LoadJob): BadBlockReport {
	const start = step.diskStart - partitionLayout(load.partition).start + bad.block * job.blockSize;
	const left = Math.max(0, job.length - bad.block * job.blockSize);
	return {
		disk: load.disk._header.disk_number,
		partition: load.partition._header.partition_number,
		block: bad.block,
		reserved: step.reserved,
		start,
		end: start + Math.min(job.blockSize, left),
		file: job.files.get(bad.fileNumber)?.path ?? '',
		position: bad.position,
		reason: bad.reason,
	};
}
