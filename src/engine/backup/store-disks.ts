import type { ImageWriter } from '../../image/writer.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { ImageRequest } from '../requests/image.ts';
import { checkRoom } from './destination/check-room.ts';
import type { IdentityAndKey } from './identity.ts';
import type { Base } from './join-set.ts';
import type { PlannedDisk } from './sources/planned-partition.ts';
import type { Quiet } from './quiesce/quiesce.ts';
import { storePartition, type StoredPartition, type StoreTools } from './store-partition.ts';
import { warnOfChange } from './sources/warn-of-change.ts';

/** What the disks of a run are stored by. */
export interface StoreRun {
	readonly request: ImageRequest;
	readonly quiet: Quiet;
	/** What unchanged blocks are told by; undefined for a full. */
	readonly base: Base | undefined;
	readonly names: IdentityAndKey;
	readonly writer: ImageWriter;
	readonly tools: StoreTools;
}

/**
 * Stores every partition of the disks, in their order.
 * @returns what was stored of each disk's partitions
 * @throws AfterimageError `no-space`, and what {@link storePartition} throws
 */
export async function storeDisks(
	disks: readonly PlannedDisk[],
	{ request, quiet, base, names, writer, tools }: StoreRun,
	context: JobContext,
): Promise<StoredPartition[][]> {
	const { identity, cipherOf } = names;
	const { pool, progress } = tools;
	const total = disks
		.flatMap((disk) => disk.partitions)
		.reduce((sum, planned) => sum + planned.reservedBytes + planned.used.usedBytes(), 0);
	if (identity.type === 'full') await checkRoom(request, total, context);
	progress.start('image', total);
	const results: StoredPartition[][] = [];
	for (const [d, { source, number, partitions }] of disks.entries()) {
		const ofDisk: StoredPartition[] = [];
		for (const [p, planned] of partitions.entries()) {
			const settings = {
				disk: source.disk,
				compression: identity.compression,
				cipher: cipherOf(number, planned.number),
				skipBadSectors: request.skipBadSectors,
				base: base?.resolved[d]?.[p],
				onBadSectors: () => quiet.check(),
			};
			const stored = await storePartition(planned, settings, writer.partition(d, p), tools, context.signal);
			for (const { offset, length } of stored.badRanges) {
				logWarning(
					context,
					`Partition ${planned.partition.number} of ${source.disk.device.path}: bytes ${offset} to ${offset + length - 1} cannot be read; zeros are stored`,
				);
			}
			await warnOfChange(source, planned, context);
			ofDisk.push(stored);
		}
		results.push(ofDisk);
	}
	progress.stop();
	logInfo(context, `Compressed with ${pool.codecName}, hashed with ${pool.hasherName}`);
	return results;
}
