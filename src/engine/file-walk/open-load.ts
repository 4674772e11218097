import type { ByteSource } from '../../base/bytes.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { Chain } from '../../image/chain.ts';
import { eachPartition, numbersOf, type PartitionNumbers } from '../browse/each-partition.ts';
import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load-plan.ts';
import type { BadBlockReport } from '../requests/verify.ts';
import { LostRanges, WithoutLost } from './lost-ranges.ts';

/** A partition of an image while what lies in it is looked at. */
export interface OpenedLoad {
	/** Its numbers, as reports have them. */
	readonly name: PartitionNumbers;
	/** With zeros for what is lost. */
	readonly bytes: ByteSource;
	readonly lost: LostRanges;
	readonly codec: BlockCodec;
}

/**
 * Opens partitions of a chain, one after the other, and calls `use` with each.
 * @param bad blocks of any of them
 * @throws AfterimageError `file-missing`, `permission-denied`, and what `use` throws
 */
export async function eachLoad(
	loads: readonly PartitionLoad[],
	chain: Chain,
	bad: readonly BadBlockReport[],
	context: Pick<JobContext, 'createBlockTools'>,
	use: (opened: OpenedLoad, load: PartitionLoad) => Promise<void>,
): Promise<void> {
	await eachPartition(loads, chain, context, async (whole, load, { codec }) => {
		const lost = new LostRanges(bad.filter((one) => isIn(one, load)));
		await use({ name: numbersOf(load), bytes: new WithoutLost(whole, lost), lost, codec }, load);
	});
}

export function isIn({ disk, partition }: BadBlockReport, load: PartitionLoad): boolean {
	const name = numbersOf(load);
	return disk === name.disk && partition === name.partition;
}

/** Bytes of the partition that the image holds, about. */
export function heldBytes({ resolved: { index, layout } }: PartitionLoad): number {
	return Math.min(layout.length, index.countStored() * layout.blockSize);
}
