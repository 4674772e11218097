import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { BackupSet, RestorePoint } from './backup-set.ts';
import { BlockIndex } from '../index/block-index.ts';
import type { BlockCipherKey } from '../block-cipher.ts';
import type { ImageFolder } from './image-folder.ts';
import { checkIndex, checkReserved, fileLimits } from '../index/index-check.ts';
import { applyDelta, readComplete, readReserved } from '../index/index-read.ts';
import type { Manifest } from '../manifest.ts';
import type { PayloadKeys } from '../metadata/metadata-read.ts';
import { missingFiles } from './missing-files.ts';
import { partitionLayout, type PartitionLayout } from '../partition-layout.ts';
import { imageIdBytes, unlock } from '../password.ts';
import { IndexReader, readWhole } from './member-reader.ts';
import { readTail, type DiskMetadata } from '../reader.ts';
import { numbersOf, type SetMember } from './set-member.ts';

/** The indexes of a partition as they were at the chosen point. */
export interface ResolvedIndex {
	readonly layout: PartitionLayout;
	/** Where each block lies; every element is checked against the files of the set. */
	readonly index: BlockIndex;
	/** FAT: the reserved blocks, all stored; of count 0 elsewhere. */
	readonly reserved: BlockIndex;
}

/** A partition as it was at the chosen point. */
export interface ResolvedPartition extends ResolvedIndex {
	/** What decrypts its blocks; undefined when the set is not encrypted. */
	readonly cipher: BlockCipherKey | undefined;
	/** Whether stored blocks are zstd frames; the same for all files of a set. */
	readonly compressed: boolean;
}

/** The indexes of a point of a set: what every block is and where it lies, though not how to decrypt it. */
export interface ChainIndexes {
	readonly manifest: Manifest;
	/**
	 * Reads and resolves the index of a partition: one pass over the newest complete index and the deltas after it.
	 * @param disk place in `manifest.disks` @param partition place in the disk's partitions
	 * @throws AfterimageError `image-damaged`, `file-missing`, `cancelled`
	 */
	resolve(disk: number, partition: number, signal?: AbortSignal): Promise<ResolvedIndex>;
}

/** A point of a set, opened for restore, verify, browsing or the next backup. */
export interface Chain extends ChainIndexes {
	readonly point: RestorePoint;
	/** In the order of `manifest.disks`. */
	readonly disks: readonly DiskMetadata[];
	/** Files by number, absorbed numbers included. */
	readonly files: ReadonlyMap<number, SetMember>;
	/** The derived key, for a backup that joins the set. */
	readonly key: Uint8Array | undefined;
	resolve(disk: number, partition: number, signal?: AbortSignal): Promise<ResolvedPartition>;
}

export interface ChainOptions extends PayloadKeys {
	readonly password?: string | undefined;
}

/**
 * Opens a point.
 * @throws AfterimageError `password-needed`, `wrong-password`, `image-damaged`, and what {@link missingFiles} makes when the
 * set lacks a file that the point needs
 */
export async function openChain(
	folder: ImageFolder,
	set: BackupSet,
	point: RestorePoint,
	options: ChainOptions,
): Promise<Chain> {
	checkComplete(point);
	const { encryption, header } = point.member;
	const key = await unlock(encryption, header.imageid, options.password);
	const cipher = encryption.aes_type === 'none' || key === undefined ? undefined : { aes: encryption.aes_type, key };
	const keys: PayloadKeys = { codec: options.codec, cipher };
	const { manifest, disks } = await readWhole(folder, point.member, keys);
	const resolve = indexResolver(folder, set, point, manifest, keys);
	const files = new Map(set.members.flatMap((member) => numbersOf(member).map((number) => [number, member] as const)));
	return {
		point,
		manifest,
		disks,
		files,
		key,
		async resolve(d, p, signal) {
			const resolved = await resolve(d, p, signal);
			const disk = manifest.disks[d]!;
			return {
				...resolved,
				compressed: point.member.compressionLevel !== 'none',
				cipher: cipher && {
					...cipher,
					imageId: imageIdBytes(header.imageid),
					diskNumber: disk._header.disk_number,
					partitionNumber: disk.partitions[p]!._header.partition_number,
				},
			};
		},
	};
}

/**
 * Opens the indexes of a point. They are never encrypted, so that no password is needed.
 * @throws AfterimageError `file-missing`, `image-damaged`
 */
export async function openIndexes(
	folder: ImageFolder,
	set: BackupSet,
	point: RestorePoint,
	keys: PayloadKeys,
): Promise<ChainIndexes> {
	checkComplete(point);
	const file = await folder.open(point.member.name);
	try {
		const { manifest } = await readTail(file, keys);
		return { manifest, resolve: indexResolver(folder, set, point, manifest, keys) };
	} finally {
		await file.close();
	}
}

function checkComplete(point: RestorePoint): void {
	if (point.missing.length > 0) throw missingFiles(point.member.path, point.missing);
}

function indexResolver(
	folder: ImageFolder,
	set: BackupSet,
	point: RestorePoint,
	manifest: Manifest,
	keys: PayloadKeys,
): ChainIndexes['resolve'] {
	const reader = new IndexReader(folder, keys);
	const steps = deltaSteps(set, point);
	const limits = fileLimits(set, point.member);
	return async (d, p, signal) => {
		const partition = manifest.disks[d]?.partitions[p];
		if (partition === undefined) throw new RangeError(`No partition ${p} on disk ${d}`);
		const layout = partitionLayout(partition);
		const index = new BlockIndex(layout.blockCount);
		for (const member of steps) {
			throwIfAborted(signal);
			await reader.with(member, async (source, indexes) => {
				const location = indexes[d]?.[p];
				if (location === undefined) throw notPaired(member, point.member);
				if (location.delta) await applyDelta(source, location, index, signal);
				else await readComplete(source, location, index, signal);
			});
		}
		const reserved = await reader.with(point.member, (source, indexes) => readReserved(source, indexes[d]![p]!));
		checkIndex(index, layout, limits);
		checkReserved(reserved, layout, limits);
		return { layout, index, reserved };
	};
}

/**
 * The files whose indexes make up the point's: the newest complete one at or before it, then every later delta up to
 * it, by file number. Split parts have none.
 */
function deltaSteps(set: BackupSet, point: RestorePoint): SetMember[] {
	const upTo = set.points.filter((other) => other.fileNumber <= point.fileNumber).map((other) => other.member);
	const from = upTo.findLastIndex((member) => !member.header.delta_index);
	if (from === -1)
		throw new AfterimageError('image-damaged', `${point.member.path}: the set has no complete index before it`, {
			details: { path: point.member.path, expected: 'a full or differential', found: 'deltas alone' },
		});
	const steps = upTo.slice(from);
	const shape = (member: SetMember) => member.disks.map((disk) => disk.length).join(' ');
	for (const member of steps) if (shape(member) !== shape(point.member)) throw notPaired(member, point.member);
	return steps;
}

/** Files are paired by the place of disks and partitions in their lists. */
function notPaired(member: SetMember, point: SetMember): AfterimageError {
	const shape = (of: SetMember) => of.disks.map((disk) => disk.length).join(' + ') || 'none';
	return new AfterimageError(
		'image-damaged',
		`${member.path}: expected the partitions of ${point.path} (${shape(point)} by disk), found ${shape(member)}`,
		{ details: { path: member.path, expected: shape(point), found: shape(member) } },
	);
}
