import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
import type { BlockTools } from './block-tools.ts';
import { ImageFiles } from './image-files.ts';
import { PartitionBytes } from './partition-bytes.ts';

/** Numbers of a partition in its image, as reports have them. */
export interface PartitionNumbers {
	readonly disk: number;
	readonly partition: number;
}

/** A partition as an image has it. */
export type ImagedPartition = Pick<PartitionLoad, 'disk' | 'partition' | 'resolved'>;

/**
 * Lends what the image has of partitions, one after the other; its files are open meanwhile.
 * @param files of its chain, by number
 * @throws AfterimageError `file-missing`, `permission-denied`, and what `use` throws
 */
export async function eachPartition<P extends ImagedPartition>(
	partitions: readonly P[],
	files: Parameters<typeof ImageFiles.of>[0],
	{ createBlockTools }: Pick<JobContext, 'createBlockTools'>,
	use: (bytes: PartitionBytes, partition: P, tools: BlockTools) => Promise<void>,
): Promise<void> {
	const tools = createBlockTools();
	let opened: ImageFiles | undefined;
	try {
		opened = await ImageFiles.of(files);
		await opened.hold();
		for (const partition of partitions) {
			const bytes = new PartitionBytes(partition.resolved, opened, tools, numbersOf(partition));
			try {
				await use(bytes, partition, tools);
			} finally {
				await bytes.quiet();
			}
		}
	} finally {
		await opened?.close();
		tools.codec.dispose();
	}
}

export function numbersOf({ disk, partition }: ImagedPartition): PartitionNumbers {
	return { disk: disk._header.disk_number, partition: partition._header.partition_number };
}
