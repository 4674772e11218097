import type { ByteSource } from '../../base/bytes.ts';
import type { Chain } from '../../image/set/chain.ts';
import { eachPartition } from '../browse/each-partition.ts';
import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
import { neededFiles } from '../load/open-image.ts';

/** Lends what the image has of a partition. */
export type ReadPartition = <R>(
	load: PartitionLoad,
	use: (bytes: ByteSource, signal: AbortSignal) => Promise<R>,
) => Promise<R>;

/** Opens the partition for each use anew, from the files of the chain. @throws what reading a partition throws */
export function partitionReader(chain: Chain, context: JobContext): ReadPartition {
	return async <R>(load: PartitionLoad, use: (bytes: ByteSource, signal: AbortSignal) => Promise<R>) => {
		const results: R[] = [];
		await eachPartition([load], neededFiles(chain), context, async (bytes) => {
			results.push(await use(bytes, context.signal));
		});
		return results[0]!;
	};
}
