import { SubSource, type ByteSource } from '../../../base/bytes.ts';
import { AfterimageError } from '../../../base/errors.ts';
import { asDamage } from '../../../disk/as-damage.ts';
import type { FileSystem, HeldVolume } from '../../../disk/filesystem.ts';
import type { Partition } from '../../../disk/partition-table/layout.ts';
import { recognisePartition } from '../../../disk/recognise-partition.ts';
import { recogniseFileSystem, type Recognised } from '../../../disk/recognise.ts';
import { UsedBlocks } from '../../../disk/used-blocks.ts';
import { readTrack0 } from '../../../disk/partition-table/track0.ts';
import { blockSizeFor } from '../../../image/block-size.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import { tolerant } from './open-sources.ts';
import type { OpenedContainer } from './opened-containers.ts';
import { stretchesOf, volumeSource, type Overlay } from './overlay.ts';
import type { PlannedDisk, PlannedPartition, SourceDisk } from './planned-partition.ts';
import type { Quiet } from '../quiesce/quiesce.ts';

/** What a request says of how its partitions are read. */
interface PlanSettings {
	readonly allSectors: boolean;
	readonly skipBadSectors: boolean;
}

/** Finds out what of each chosen partition goes into the image. Reads metadata only. */
export async function planDisks(
	sources: readonly SourceDisk[],
	quiet: Quiet,
	settings: PlanSettings,
	context: JobContext,
): Promise<PlannedDisk[]> {
	const disks: PlannedDisk[] = [];
	for (const source of sources) {
		const partitions: PlannedPartition[] = [];
		for (const partition of source.partitions) {
			const planned = await planPartition(source, partition, quiet, settings, context);
			const name = `${partition.number} of ${source.disk.device.path}`;
			tellWhole(`Partition ${name}`, { ...planned, type: planned.fileSystem }, context);
			for (const volume of planned.volumes) tellWhole(`Volume ${volume.name} in partition ${name}`, volume, context);
			partitions.push(planned);
		}
		disks.push({ source, number: source.number, track0: await readTrack0(source.source, source.layout), partitions });
	}
	return disks;
}

/** Says why all of a partition, or of a volume in it, goes into the image, when it does. */
function tellWhole(
	name: string,
	{ type, wholeReason, amiss }: Pick<HeldVolume, 'type' | 'wholeReason' | 'amiss'>,
	context: JobContext,
): void {
	if (wholeReason === undefined) return;
	const tell = amiss ? logWarning : logInfo;
	tell(context, `${name} (${type}) is stored whole: ${wholeReason}`);
}

async function planPartition(
	source: SourceDisk,
	partition: Partition,
	quiet: Quiet,
	{ allSectors, skipBadSectors }: PlanSettings,
	context: JobContext,
): Promise<PlannedPartition> {
	const opened = source.opened.get(partition.start);
	if (opened !== undefined) return planHeader(source, partition, opened, context);
	const overlays = quiet.overlaysOf(source.disk.device, partition);
	const read = skipBadSectors ? overlays.map((one) => withTolerance(one, context)) : overlays;
	const volume = volumeSource(source.source, partition, read);
	if (overlays.length > 0) await warnOfPlainText(source, partition, context);
	const recognised = await recognise(
		volume,
		partition,
		overlays,
		quiet.isFrozen(source.disk.device, partition),
		context,
	);
	const reason = partition.wholeReason ?? recognised.wholeReason;
	// A file system that is not believed has no say in how the image is laid out; one that is only dirty has.
	const believed = reason === undefined || reason === recognised.fileSystem?.info.dirty;
	const fileSystem = believed ? recognised.fileSystem : undefined;
	const reservedBytes = fileSystem?.info.reservedBytes ?? 0;
	const blockSize = blockSizeFor(partition.length);
	if (fileSystem !== undefined && fileSystem.volumes === undefined)
		checkCopy(overlays, fileSystem.info.size, source, partition);
	const common = {
		partition,
		overlays,
		number: partition.number,
		fileSystem: recognised.type,
		identity: recognised.identity,
		info: fileSystem?.info,
		blockSize,
		reservedBytes,
	};
	const blocks = () => new UsedBlocks(reservedBytes, partition.length - reservedBytes, blockSize);
	const whole = (wholeReason: string, amiss: boolean): PlannedPartition => {
		const used = blocks();
		used.addAll();
		return { ...common, volumes: [], isUnchanged: undefined, used, wholeReason, amiss };
	};

	if (allSectors) return whole('every sector was asked for', false);
	if (fileSystem === undefined || reason !== undefined) {
		return whole(
			reason ?? 'nothing is known about its contents',
			recognised.amiss || partition.wholeReason !== undefined,
		);
	}
	const used = blocks();
	const damage = await collectUsed(fileSystem, used, partition.length, context.signal);
	if (damage !== undefined) return whole(damage, true);
	const { volumes = [], isUnchanged } = fileSystem;
	return { ...common, volumes, isUnchanged, used, wholeReason: undefined, amiss: false };
}

/** What is stored of a LUKS container whose data are imaged decrypted: all else of it. */
async function planHeader(
	{ source }: SourceDisk,
	partition: Partition,
	{ dataStart, dataEnd }: OpenedContainer,
	{ signal }: JobContext,
): Promise<PlannedPartition> {
	const { number, length, start } = partition;
	const { type, identity } = await recogniseFileSystem(new SubSource(source, start, length), { signal });
	const blockSize = blockSizeFor(length);
	const used = new UsedBlocks(0, length, blockSize);
	used.add(0, dataStart);
	if (dataEnd < length) used.add(dataEnd, length);
	return {
		partition,
		overlays: [],
		number,
		fileSystem: type,
		identity,
		info: undefined,
		isUnchanged: undefined,
		volumes: [],
		blockSize,
		reservedBytes: 0,
		used,
		wholeReason: undefined,
		amiss: false,
	};
}

/** @param frozen all of the partition is, with what its overlays cover */
function recognise(
	volume: ByteSource,
	{ length, typeId }: Partition,
	overlays: readonly Overlay[],
	frozen: boolean,
	{ signal }: JobContext,
): Promise<Recognised> {
	const stretches = stretchesOf(overlays, length);
	return recognisePartition(volume, {
		frozen,
		// That one volume of a partition is frozen says nothing of the others: its shadow copy does.
		isFrozen: (start, end) =>
			stretches.every((one) => one.overlay !== undefined || one.end <= start || end <= one.start),
		signal,
		partitionTypeId: typeId,
	});
}

/** Marks what is in use in a partition. @returns what is wrong with the structures that tell, where they cannot be relied on */
async function collectUsed(
	fileSystem: FileSystem,
	used: UsedBlocks,
	length: number,
	signal: AbortSignal,
): Promise<string | undefined> {
	try {
		await fileSystem.collectUsed(used, signal);
	} catch (error) {
		return asDamage(error).message;
	}
	// What lies behind the file system belongs to it too: the backup boot sector of NTFS, RAID superblocks.
	if (fileSystem.info.size < length) used.add(fileSystem.info.size, length);
	return undefined;
}

/** Windows makes shadow copies above the encryption of a volume: their bytes are not those of the disk. */
async function warnOfPlainText({ source, disk }: SourceDisk, partition: Partition, context: JobContext): Promise<void> {
	const onDisk = await recogniseFileSystem(new SubSource(source, partition.start, partition.length), {
		signal: context.signal,
	});
	if (!onDisk.type.startsWith('BitLocker')) return;
	logWarning(
		context,
		`Partition ${partition.number} of ${disk.device.path} is encrypted by BitLocker; the image holds what it says in plain text, as its shadow copy does`,
		'Give the image a password of its own. A restored partition is not encrypted until BitLocker is turned on again.',
	);
}

/** The last sector of a volume, the backup boot sector of NTFS, may lie behind what its shadow copy lets be read. */
function checkCopy(
	overlays: readonly Overlay[],
	size: number,
	{ disk, layout }: SourceDisk,
	{ number, length }: Partition,
): void {
	const first = stretchesOf(overlays, length)[0];
	if (first?.overlay === undefined || first.end >= size - layout.sectorSize) return;
	throw new AfterimageError(
		'failed',
		`The shadow copy of partition ${number} of ${disk.device.path} has ${first.end} bytes: expected ${size}, as its file system has`,
		{ details: { device: disk.device.path, partition: number, expected: size, found: first.end } },
	);
}

function withTolerance(overlay: Overlay, context: JobContext): Overlay {
	const { fd, name } = overlay.source;
	const source = tolerant(overlay.source, name, context);
	return { ...overlay, source: { fd, name, size: source.size, read: source.read.bind(source) } };
}
