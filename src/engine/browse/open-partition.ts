import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import { lvmType } from '../../disk/container/layers.ts';
import type { FileTree, OpenFilesOptions } from '../../disk/files.ts';
import { openVolumes } from '../../disk/lvm/files.ts';
import { recogniseFileSystem, type Recognised } from '../../disk/recognise.ts';
import type { Chain } from '../../image/set/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { JobContext } from '../job-context.ts';
import { findPoint, openNamed } from '../load/open-image.ts';
import { ImageFiles } from './image-files.ts';
import { PartitionBytes } from './partition-bytes.ts';

/** A partition of a backup. */
export interface PartitionPlace {
	/** Path of an image file of the backup. */
	readonly image: string;
	/** Number of the disk in the image. */
	readonly disk: number;
	readonly partition: number;
}

export type OpeningContext = Pick<JobContext, 'createBlockTools' | 'signal'>;

/** A partition of a backup whose files can be read. */
export interface OpenedPartition {
	readonly tree: FileTree;
	/** As `Recognised.type`; `LVM2` for a physical volume, whose folders are the logical ones. */
	readonly fileSystem: string;
	/** What the user has to know of it. */
	readonly warnings: readonly string[];
	readonly files: ImageFiles;
	/** Bytes of memory that its index takes: 500 MB for a full partition of 1 TiB. */
	readonly memory: number;
	/** Holds that the backup is still there, as it was. @throws AfterimageError `ChangedFile` */
	check(): Promise<void>;
	/** Call it when nobody reads any more. */
	close(): Promise<void>;
}

/**
 * Resolves the index of a partition, finds its file system and opens its files.
 * @throws AfterimageError `not-supported` with the reason where there are no files to show, `structure-damaged` and
 * `image-damaged` for damage, `password-needed`, `wrong-password`, `invalid-argument` for a partition that the image does
 * not have, `source-missing`, `file-missing`, `read-error`, `cancelled`
 */
export async function openPartition(
	place: PartitionPlace,
	password: string | undefined,
	{ createBlockTools, signal }: OpeningContext,
): Promise<OpenedPartition> {
	const tools = createBlockTools();
	const { codec } = tools;
	let files: ImageFiles | undefined;
	let bytes: PartitionBytes | undefined;
	const close = async () => {
		await bytes?.quiet();
		await files?.close();
		codec.dispose();
	};
	try {
		const named = await findPoint(place.image, codec, signal);
		const chain = await openNamed(named, codec, password);
		const [d, p] = placeIn(chain, place);
		const needed = [...chain.files].filter(([, { header }]) => header.file_number <= chain.point.fileNumber);
		const opened = (files = await ImageFiles.of(needed));
		const resolved = await chain.resolve(d, p, signal);
		bytes = new PartitionBytes(resolved, opened, tools, place);
		const recognised = await recogniseImaged(bytes, signal);
		const { tree, fileSystem } = await openTree(bytes, recognised, place, codec, signal);
		const check = () => opened.checkUnchanged(chain.point.fileNumber);
		const memory = resolved.index.memory + resolved.reserved.memory;
		return { tree, fileSystem, warnings: warningsOf(recognised), files: opened, memory, check, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/**
 * Tells what a partition of a backup holds. What was frozen when it was imaged has an empty journal; what was not is stored
 * all the same as it was.
 */
export function recogniseImaged(bytes: ByteSource, signal: AbortSignal): Promise<Recognised> {
	return recogniseFileSystem(bytes, { frozen: true, signal });
}

/** @throws AfterimageError `not-supported` where there are no files to show, and as `FileSystem.openFiles` */
export async function openTree(
	bytes: ByteSource,
	recognised: Recognised,
	place: Omit<PartitionPlace, 'image'>,
	codec: BlockCodec,
	signal: AbortSignal,
): Promise<Pick<OpenedPartition, 'tree' | 'fileSystem'>> {
	const { type, fileSystem } = recognised;
	const zstd = (source: Uint8Array, target: Uint8Array) => codec.decompress(source, target);
	const options: OpenFilesOptions = { decompressors: { zstd }, signal };
	if (type === lvmType) return { tree: await openVolumes(bytes, options), fileSystem: 'LVM2' };
	if (fileSystem?.openFiles === undefined) throw withoutFiles(recognised, place);
	return { tree: await fileSystem.openFiles(options), fileSystem: type };
}

/** Disk and partition by their places in `manifest.disks`. */
function placeIn({ manifest }: Chain, { image, disk, partition }: PartitionPlace): [number, number] {
	const d = manifest.disks.findIndex((one) => one._header.disk_number === disk);
	const p = manifest.disks[d]?.partitions.findIndex((one) => one._header.partition_number === partition) ?? -1;
	if (p !== -1) return [d, p];
	const [what, there] =
		d === -1
			? [`disk ${disk}`, manifest.disks.map((one) => one._header.disk_number)]
			: [
					`partition ${partition} of disk ${disk}`,
					manifest.disks[d]!.partitions.map((one) => one._header.partition_number),
				];
	throw new AfterimageError('invalid-argument', `${image} has no ${what}; it has ${there.join(', ') || 'none'}`, {
		details: { image, disk, partition },
	});
}

const encryptions = ['BitLocker', 'LUKS'];

/** Why a partition has no files to show. */
function withoutFiles({ type, fileSystem, wholeReason }: Recognised, place: Omit<PartitionPlace, 'image'>) {
	const where = `Partition ${place.partition} of disk ${place.disk}`;
	const details = { ...place, fileSystem: type };
	if (encryptions.some((name) => type.startsWith(name))) {
		return new AfterimageError('not-supported', `${where} is encrypted by ${type}: its files cannot be read here`, {
			advice: 'Restore it to a disk and unlock it there.',
			details,
		});
	}
	if (fileSystem !== undefined) {
		return new AfterimageError('not-supported', `${where} holds ${type}, of which no files can be shown`, { details });
	}
	if (type === 'unknown') {
		return new AfterimageError('not-supported', `${where} has no files to show: ${wholeReason ?? 'it is empty'}`, {
			details,
		});
	}
	// A file system that is known, but too damaged to tell more, has said why.
	return new AfterimageError(
		'not-supported',
		`${where} (${type}) has no files to show: ${reasonOf(type, wholeReason)}`,
		{
			advice: 'Restore it to a disk to look at what lies in it.',
			details,
		},
	);
}

function reasonOf(type: string, wholeReason: string | undefined): string {
	return wholeReason === undefined || wholeReason.startsWith(`${type}:`) ? 'it is no file system' : wholeReason;
}

/** What the user has to know of a file system that was recognised. */
export function warningsOf({ type, amiss, wholeReason }: Recognised): string[] {
	if (!amiss || wholeReason === undefined) return [];
	return [
		`The file system (${type}) was not in order when it was imaged: ${wholeReason}. ` +
			'Its files are shown as far as they had been written.',
	];
}
