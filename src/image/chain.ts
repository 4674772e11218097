import { throwIfAborted } from '../base/abort.ts';
import { AfterimageError } from '../base/errors.ts';
import type { BackupSet, RestorePoint } from './backup-set.ts';
import { BlockIndex } from './block-index.ts';
import type { BlockCipherKey } from './block-cipher.ts';
import type { ImageFolder } from './image-folder.ts';
import { checkIndex, checkReserved, fileLimits, missingFiles } from './index-check.ts';
import { applyDelta, readComplete, readReserved } from './index-read.ts';
import type { Manifest } from './manifest.ts';
import type { PayloadKeys } from './metadata-read.ts';
import { partitionLayout, type PartitionLayout } from './partition-layout.ts';
import { imageIdBytes, unlock } from './password.ts';
import { IndexReader, readWhole } from './member-reader.ts';
import type { DiskMetadata } from './reader.ts';
import { numbersOf, type SetMember } from './set-member.ts';

/** A partition as it was at the chosen point. */
export interface ResolvedPartition {
	readonly layout: PartitionLayout;
	/** Where each block lies; every element is checked against the files of the set. */
	readonly index: BlockIndex;
	/** FAT: the reserved blocks, all stored; of count 0 elsewhere. */
	readonly reserved: BlockIndex;
	/** What decrypts its blocks; undefined when the set is not encrypted. */
	readonly cipher: BlockCipherKey | undefined;
	/** Whether stored blocks are zstd frames; the same for all files of a set. */
	readonly compressed: boolean;
}

/** A point of a set, opened for restore, verify, browsing or the next backup. */
export interface Chain {
	readonly point: RestorePoint;
	readonly manifest: Manifest;
	/** In the order of `manifest.disks`. */
	readonly disks: readonly DiskMetadata[];
	/** Files by number, absorbed numbers included. */
	readonly files: ReadonlyMap<number, SetMember>;
	/** The derived key, for a backup that joins the set. */
	readonly key: Uint8Array | undefined;
	/**
	 * Reads and resolves the index of a partition: one pass over the newest complete index and the deltas after it.
	 * @param disk place in `manifest.disks` @param partition place in the disk's partitions
	 * @throws AfterimageError `image-damaged`, `file-missing`, `cancelled`
	 */
	resolve(disk: number, partition: number, signal?: AbortSignal): Promise<ResolvedPartition>;
}

export interface ChainOptions extends PayloadKeys {
	readonly password?: string | undefined;
}

/**
 * Opens a point.
 * @throws AfterimageError `file-missing` when the set lacks a file that the point needs, `password-needed`,
 * `wrong-password`, `image-damaged`
 */
export async function openChain(
	folder: ImageFolder,
	set: BackupSet,
	point: RestorePoint,
	options: ChainOptions,
): Promise<Chain> {
	if (point.missing.length > 0) {
		const paths = new Map(point.missing.map((file) => [file.fileNumber, file.path]));
		throw missingFiles([...paths.keys()], { pathOf: (number) => paths.get(number), checked: point.member.path });
	}
	const { encryption, header } = point.member;
	const key = await unlock(encryption, header.imageid, options.password);
	const cipher = encryption.aes_type === 'none' || key === undefined ? undefined : { aes: encryption.aes_type, key };
	const keys: PayloadKeys = { codec: options.codec, cipher };
	const reader = new IndexReader(folder, keys);
	const { manifest, disks } = await readWhole(folder, point.member, keys);
	const files = new Map(set.members.flatMap((member) => numbersOf(member).map((number) => [number, member] as const)));
	const steps = deltaSteps(set, point);
	const limits = fileLimits(set.members, point.member);
	return {
		point,
		manifest,
		disks,
		files,
		key,
		async resolve(d, p, signal) {
			const disk = manifest.disks[d];
			const partition = disk?.partitions[p];
			if (disk === undefined || partition === undefined) throw new RangeError(`No partition ${p} on disk ${d}`);
			const place = partitionLayout(partition);
			const index = new BlockIndex(place.blockCount);
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
			checkIndex(index, place, limits);
			checkReserved(reserved, place, limits);
			return {
				layout: place,
				index,
				reserved,
				compressed: point.member.compressionLevel !== 'none',
				cipher: cipher && {
					...cipher,
					imageId: imageIdBytes(header.imageid),
					diskNumber: disk._header.disk_number,
					partitionNumber: partition._header.partition_number,
				},
			};
		},
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
