import type { Chain } from '../../image/chain.ts';
import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load-plan.ts';
import { neededFiles } from '../open-image.ts';
import type { BlockTools } from './block-tools.ts';
import { ImageFiles } from './image-files.ts';
import { PartitionBytes } from './partition-bytes.ts';

/** Numbers of a partition in its image, as reports have them. */
export interface PartitionNumbers {
	readonly disk: number;
	readonly partition: number;
}

/**
 * Lends what the image has of partitions, one after the other; the files of the chain are open meanwhile.
 * @throws AfterimageError `file-missing`, `permission-denied`, and what `use` throws
 */
export async function eachPartition(
	loads: readonly PartitionLoad[],
	chain: Chain,
	{ createBlockTools }: Pick<JobContext, 'createBlockTools'>,
	use: (bytes: PartitionBytes, load: PartitionLoad, tools: BlockTools) => Promise<void>,
): Promise<void> {
	const tools = createBlockTools();
	let files: ImageFiles | undefined;
	try {
		files = await ImageFiles.of(neededFiles(chain));
		await files.hold();
		for (const load of loads) {
			const bytes = new PartitionBytes(load.resolved, files, tools, numbersOf(load));
			try {
				await use(bytes, load, tools);
			} finally {
				await bytes.quiet();
			}
		}
	} finally {
		await files?.close();
		tools.codec.dispose();
	}
}

export function numbersOf({ disk, partition }: PartitionLoad): PartitionNumbers {
	return { disk: disk._header.disk_number, partition: partition._header.partition_number };
}
