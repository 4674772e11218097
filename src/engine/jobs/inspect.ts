import { dirname } from 'node:path';
import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { BlockIndex } from '../../image/index/block-index.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFile } from '../../image/file-source.ts';
import { applyDelta, readComplete, readReserved } from '../../image/index/index-read.ts';
import type { Manifest, ManifestPartition } from '../../image/manifest.ts';
import { IndexReader } from '../../image/set/member-reader.ts';
import { partitionLayout } from '../../image/partition-layout.ts';
import { readDisks, readTail, type DiskMetadata, type ImageTail } from '../../image/reader.ts';
import { numbersOf } from '../../image/set/set-member.ts';
import type { ImageDiskInfo, ImageInfo } from '../../protocol/backups.ts';
import { describeFile } from '../chain/describe-set.ts';
import type { JobContext } from '../job-context.ts';
import { findPoint, type NamedPoint } from '../load/open-image.ts';
import { backupTableSize } from '../restore/table/backup-table-size.ts';
import { readVerified } from '../verified-record.ts';

/** Describes one image file from its metadata. No password is needed: `$JSON` and indexes are never encrypted. */
export async function runInspect(file: string, context: JobContext): Promise<ImageInfo> {
	const codec = context.createCodec();
	try {
		const named = await findPoint(file, codec, context.signal);
		const source = await openImageFile(named.path);
		let manifest: Manifest;
		let tableSizes: readonly number[];
		try {
			const tail = await readTail(source, { codec });
			({ manifest } = tail);
			tableSizes = await backupTableSizes(source, tail, codec);
		} finally {
			await source.close();
		}
		const member = named.point.parts.find((part) => part.path === named.path) ?? named.point.member;
		const encryption = manifest._encryption;
		return {
			file: describeFile(named.set, named.point, member, readVerified(dirname(named.path))),
			imageId: named.set.imageid,
			computer: manifest._header.netbios_name,
			compression: manifest._compression.compression_level,
			encryption: encryption.enable ? encryption.aes_type : 'none',
			disks: describeDisks(manifest, await storedBlocks(named, manifest, codec, context.signal), tableSizes),
			json: manifest,
		};
	} finally {
		codec.dispose();
	}
}

/** By disk; those of an image whose tables need a password, or cannot be read, are taken to be as usual. */
async function backupTableSizes(source: ByteSource, tail: ImageTail, codec: BlockCodec): Promise<readonly number[]> {
	let metadata: readonly DiskMetadata[] = [];
	try {
		if (!tail.manifest._encryption.enable) metadata = await readDisks(source, tail, { codec });
	} catch (error) {
		// What else the image holds can be told all the same.
		if (!isAfterimageError(error, 'image-damaged')) throw error;
	}
	return Promise.all(tail.manifest.disks.map((disk, d) => backupTableSize(disk, metadata[d]?.track0)));
}

/**
 * How many blocks lie in the files of the backup itself, reserved ones included, by disk and partition. Its own index
 * alone tells: no password is needed, and no other file of the set.
 */
async function storedBlocks(
	{ folder, point }: NamedPoint,
	manifest: Manifest,
	codec: BlockCodec,
	signal: AbortSignal,
): Promise<number[][]> {
	const own = new Set(point.parts.flatMap(numbersOf));
	const reader = new IndexReader(folder, { codec });
	return reader.with(point.member, async (source, indexes) => {
		const counts: number[][] = [];
		for (const [d, disk] of manifest.disks.entries()) {
			const ofDisk: number[] = [];
			for (const [p, partition] of disk.partitions.entries()) {
				const location = indexes[d]?.[p];
				// The first parts of a split backup list the same partitions as the last one, which has the indexes.
				if (location === undefined) throw otherPartitions(point.member.path);
				const index = new BlockIndex(partitionLayout(partition).blockCount);
				// Applied to nothing, a delta leaves the blocks that this backup brought.
				if (location.delta) await applyDelta(source, location, index, signal);
				else await readComplete(source, location, index, signal);
				ofDisk.push(countOf(index, own) + countOf(await readReserved(source, location), own));
			}
			counts.push(ofDisk);
		}
		return counts;
	});
}

function otherPartitions(path: string): AfterimageError {
	return new AfterimageError('image-damaged', `${path} has other partitions than an earlier part of its backup`, {
		details: { path },
	});
}

function countOf(index: BlockIndex, own: ReadonlySet<number>): number {
	let count = 0;
	for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
		if (own.has(index.fileNumber(block))) count++;
	}
	return count;
}

function describeDisks(
	manifest: Manifest,
	stored: readonly number[][],
	tableSizes: readonly number[],
): ImageDiskInfo[] {
	return manifest.disks.map((disk, d) => ({
		number: disk._header.disk_number,
		table: disk._header.disk_format === 'gpt' || disk._header.disk_format === 'mbr' ? disk._header.disk_format : 'none',
		id: disk._header.disk_signature,
		size: disk._geometry.disk_size,
		sectorSize: disk._geometry.bytes_per_sector,
		backupTableSize: tableSizes[d]!,
		model: disk._descriptor.disk_description.trim(),
		partitions: disk.partitions.map((partition, p) => {
			const system = partition._file_system;
			return {
				number: partition._header.partition_number,
				start: partition._geometry.start,
				length: partition._geometry.length,
				fileSystem: system.type,
				label: system.volume_label,
				used: usedOf(partition, disk._geometry.bytes_per_sector),
				blockSize: partition._header.block_size,
				blocks: partition._header.block_count,
				storedBlocks: stored[d]?.[p] ?? 0,
			};
		}),
	}));
}

/** What its file system had in use, its structures before the first cluster (FAT) included; all of it where none is known. */
function usedOf({ _file_system: system, _geometry: { length } }: ManifestPartition, sectorSize: number): number {
	const cluster = system.sectors_per_cluster * sectorSize;
	if (cluster * system.total_clusters === 0) return length;
	const clusters = Math.max(0, system.total_clusters - system.free_clusters);
	return Math.min(length, system.reserved_sectors_byte_length + clusters * cluster);
}
