import type { ByteSource } from '../../base/bytes.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { Chain } from '../../image/chain.ts';
import { ImageFiles } from '../browse/image-files.ts';
import { PartitionBytes } from '../browse/partition-bytes.ts';
import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load-plan.ts';
import { neededFiles } from '../open-image.ts';
import type { BadBlockReport } from '../requests/verify.ts';
import { LostRanges, WithoutLost } from './lost-ranges.ts';

/** A partition of an image while what lies in it is looked at. */
export interface OpenedLoad {
	/** Its numbers, as reports have them. */
	readonly name: { readonly disk: number; readonly partition: number };
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
	{ createBlockTools }: Pick<JobContext, 'createBlockTools'>,
	use: (opened: OpenedLoad, load: PartitionLoad) => Promise<void>,
): Promise<void> {
	const tools = createBlockTools();
	let files: ImageFiles | undefined;
	try {
		files = await ImageFiles.of(neededFiles(chain));
		await files.hold();
		for (const load of loads) {
			const name = nameOf(load);
			const whole = new PartitionBytes(load.resolved, files, tools, name);
			const lost = new LostRanges(bad.filter((one) => isIn(one, load)));
			try {
				await use({ name, bytes: new WithoutLost(whole, lost), lost, codec: tools.codec }, load);
			} finally {
				await whole.quiet();
			}
		}
	} finally {
		await files?.close();
		tools.codec.dispose();
	}
}

export function isIn({ disk, partition }: BadBlockReport, load: PartitionLoad): boolean {
	const name = nameOf(load);
	return disk === name.disk && partition === name.partition;
}

/** Bytes of the partition that the image holds, about. */
export function heldBytes({ resolved: { index, layout } }: PartitionLoad): number {
	return Math.min(layout.length, index.countStored() * layout.blockSize);
}

function nameOf({ disk, partition }: PartitionLoad): OpenedLoad['name'] {
	return { disk: disk._header.disk_number, partition: partition._header.partition_number };
}
