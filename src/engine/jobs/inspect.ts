import { dirname } from 'node:path';
import { isAfterimageError } from '../../base/errors.ts';
import { openChain } from '../../image/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { openImageFile } from '../../image/file-source.ts';
import type { Manifest } from '../../image/manifest.ts';
import { readTail } from '../../image/reader.ts';
import type { ImageDiskInfo, ImageInfo } from '../../protocol/backups.ts';
import { describeFile } from '../chain/describe-set.ts';
import type { JobContext } from '../job-context.ts';
import { planLoad } from '../load-plan.ts';
import { findPoint, type NamedPoint } from '../open-image.ts';
import { readVerified, verifiedOn } from '../verified-record.ts';

/** Describes one image file from its metadata. No password is needed: `$JSON` and indexes are never encrypted. */
export async function runInspect(file: string, context: JobContext): Promise<ImageInfo> {
	const codec = context.createCodec();
	try {
		const named = await findPoint(file, codec, context.signal);
		const source = await openImageFile(named.path);
		let manifest: Manifest;
		try {
			({ manifest } = await readTail(source, { codec }));
		} finally {
			await source.close();
		}
		const member = named.point.parts.find((part) => part.path === named.path) ?? named.point.member;
		const encryption = manifest._encryption;
		return {
			file: describeFile(named.set, named.point, member, verifiedOn(readVerified(dirname(named.path)), member)),
			imageId: named.set.imageid,
			computer: manifest._header.netbios_name,
			compression: manifest._compression.compression_level,
			encryption: encryption.enable ? encryption.aes_type : 'none',
			disks: describeDisks(manifest, await storedBlocks(named, codec, context.signal)),
			json: manifest,
		};
	} finally {
		codec.dispose();
	}
}

/** Stored blocks by disk and partition; undefined where the indexes cannot be resolved without a password or a missing file. */
async function storedBlocks(
	named: NamedPoint,
	codec: BlockCodec,
	signal: AbortSignal,
): Promise<number[][] | undefined> {
	try {
		const chain = await openChain(named.folder, named.set, named.point, { codec });
		const loads = await planLoad(chain, { disk: undefined, partitions: undefined, sample: undefined }, signal);
		const counts: number[][] = chain.manifest.disks.map(() => []);
		for (const load of loads) counts[load.diskPlace]!.push(load.steps.reduce((sum, step) => sum + step.blocks, 0));
		return counts;
	} catch (error) {
		if (isAfterimageError(error, 'password-needed') || isAfterimageError(error, 'file-missing')) return undefined;
		throw error;
	}
}

function describeDisks(manifest: Manifest, stored: number[][] | undefined): ImageDiskInfo[] {
	return manifest.disks.map((disk, d) => ({
		number: disk._header.disk_number,
		table: disk._header.disk_format === 'gpt' || disk._header.disk_format === 'mbr' ? disk._header.disk_format : 'none',
		id: disk._header.disk_signature,
		size: disk._geometry.disk_size,
		sectorSize: disk._geometry.bytes_per_sector,
		model: disk._descriptor.disk_description.trim(),
		partitions: disk.partitions.map((partition, p) => {
			const system = partition._file_system;
			const cluster = system.sectors_per_cluster * disk._geometry.bytes_per_sector;
			const used = Math.max(0, system.total_clusters - system.free_clusters) * cluster;
			return {
				number: partition._header.partition_number,
				start: partition._geometry.start,
				length: partition._geometry.length,
				fileSystem: system.type,
				label: system.volume_label,
				used: used === 0 ? partition._geometry.length : used,
				blockSize: partition._header.block_size,
				blocks: partition._header.block_count,
				storedBlocks: stored?.[d]?.[p] ?? 0,
			};
		}),
	}));
}
