import { SubSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import type { Partition } from '../../disk/layout.ts';
import { recogniseFileSystem } from '../../disk/recognise.ts';
import { UsedBlocks } from '../../disk/used-blocks.ts';
import { readTrack0 } from '../../disk/track0.ts';
import { blockSizeFor } from '../../image/block-size.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { PlannedDisk, PlannedPartition, SourceDisk } from './planned-partition.ts';
import type { Quiet } from './quiesce.ts';

/** Finds out what of each chosen partition goes into the image. Reads metadata only. */
export async function planDisks(
	sources: readonly SourceDisk[],
	quiet: Quiet,
	allSectors: boolean,
	context: JobContext,
): Promise<PlannedDisk[]> {
	const disks: PlannedDisk[] = [];
	for (const source of sources) {
		const partitions: PlannedPartition[] = [];
		for (const partition of source.partitions) {
			const frozen = quiet.isFrozen(source.disk.device, partition);
			const planned = await planPartition(source, partition, frozen, allSectors, context.signal);
			if (planned.wholeReason !== undefined) {
				const tell = planned.amiss ? logWarning : logInfo;
				tell(
					context,
					`Partition ${partition.number} of ${source.disk.device.path} (${planned.fileSystem}) is stored whole: ${planned.wholeReason}`,
				);
			}
			partitions.push(planned);
		}
		disks.push({ source, number: source.number, track0: await readTrack0(source.source, source.layout), partitions });
	}
	return disks;
}

async function planPartition(
	source: SourceDisk,
	partition: Partition,
	frozen: boolean,
	allSectors: boolean,
	signal: AbortSignal,
): Promise<PlannedPartition> {
	const volume = new SubSource(source.source, partition.start, partition.length);
	const recognised = await recogniseFileSystem(volume, { frozen, signal, partitionTypeId: partition.typeId });
	const reason = partition.wholeReason ?? recognised.wholeReason;
	// A file system that is not believed has no say in how the image is laid out; one that is only dirty has.
	const believed = reason === undefined || reason === recognised.fileSystem?.info.dirty;
	const fileSystem = believed ? recognised.fileSystem : undefined;
	const reservedBytes = fileSystem?.info.reservedBytes ?? 0;
	const blockSize = blockSizeFor(partition.length);
	const blocks = () => new UsedBlocks(reservedBytes, partition.length - reservedBytes, blockSize);
	const common = {
		partition,
		number: partition.number,
		fileSystem: recognised.type,
		info: fileSystem?.info,
		blockSize,
		reservedBytes,
	};
	const whole = (wholeReason: string, amiss: boolean): PlannedPartition => {
		const used = blocks();
		used.addAll();
		return { ...common, used, wholeReason, amiss };
	};

	if (allSectors) return whole('every sector was asked for', false);
	if (fileSystem === undefined || reason !== undefined) {
		return whole(
			reason ?? 'nothing is known about its contents',
			recognised.amiss || partition.wholeReason !== undefined,
		);
	}
	try {
		const used = blocks();
		await fileSystem.collectUsed(used, signal);
		// What lies behind the file system belongs to it too: the backup boot sector of NTFS, RAID superblocks.
		if (fileSystem.info.size < partition.length) used.add(fileSystem.info.size, partition.length);
		return { ...common, used, wholeReason: undefined, amiss: false };
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return whole(error.message, true);
		throw error;
	}
}
