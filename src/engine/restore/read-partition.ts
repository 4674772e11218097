import type { ByteSource } from '../../base/bytes.ts';
import type { Chain } from '../../image/chain.ts';
import { ImageFiles } from '../browse/image-files.ts';
import { PartitionBytes } from '../browse/partition-bytes.ts';
import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load-plan.ts';
import { neededFiles } from '../open-image.ts';

/** Lends what the image has of a partition. */
export type ReadPartition = <R>(
	load: PartitionLoad,
	use: (bytes: ByteSource, signal: AbortSignal) => Promise<R>,
) => Promise<R>;

export function partitionReader(chain: Chain, { createBlockTools, signal }: JobContext): ReadPartition {
	return async ({ disk, partition, resolved }, use) => {
		const tools = createBlockTools();
		try {
			const files = await ImageFiles.of(neededFiles(chain));
			const name = { disk: disk._header.disk_number, partition: partition._header.partition_number };
			const bytes = new PartitionBytes(resolved, files, tools, name);
			try {
				return await use(bytes, signal);
			} finally {
				await bytes.quiet();
				await files.close();
			}
		} finally {
			tools.codec.dispose();
		}
	};
}
