import type { ByteSource } from '../../base/bytes.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { eachPartition, numbersOf, type ImagedPartition, type PartitionNumbers } from '../browse/each-partition.ts';
import type { JobContext } from '../job-context.ts';
import type { BadBlockReport } from '../requests/verify.ts';
import { lostBlocks, LostRanges, WithoutLost, type LostBlocks } from './lost-ranges.ts';

/** A partition of an image that is looked at, with the blocks of it that are known to be damaged. */
export interface PartitionToWalk extends ImagedPartition {
	readonly lost: LostBlocks;
}

/** A partition of an image while what lies in it is looked at. */
export interface OpenedPartition {
	/** Its numbers, as reports have them. */
	readonly name: PartitionNumbers;
	/** With zeros for what is lost. */
	readonly bytes: ByteSource;
	readonly lost: LostRanges;
	readonly codec: BlockCodec;
}

/** @param bad blocks of any of the partitions */
export function toWalk(partitions: readonly ImagedPartition[], bad: readonly BadBlockReport[]): PartitionToWalk[] {
	return partitions.map((one) => {
		const { disk, partition } = numbersOf(one);
		const own = bad.filter((report) => report.disk === disk && report.partition === partition);
		return { ...one, lost: lostBlocks(own, one.resolved) };
	});
}

/**
 * Opens partitions of an image, one after the other, and calls `use` with each.
 * @param files of its chain, by number
 * @throws AfterimageError `file-missing`, `permission-denied`, and what `use` throws
 */
export async function openEach(
	partitions: readonly PartitionToWalk[],
	files: Parameters<typeof eachPartition>[1],
	context: Pick<JobContext, 'createBlockTools'>,
	use: (opened: OpenedPartition, partition: PartitionToWalk) => Promise<void>,
): Promise<void> {
	await eachPartition(partitions, files, context, async (whole, partition, { codec }) => {
		const lost = new LostRanges(partition.resolved, partition.lost);
		await use({ name: numbersOf(partition), bytes: new WithoutLost(whole, lost), lost, codec }, partition);
	});
}

/** Bytes of the partition that the image holds, about. */
export function heldBytes({ resolved: { index, layout } }: ImagedPartition): number {
	return Math.min(layout.length, index.countStored() * layout.blockSize);
}
