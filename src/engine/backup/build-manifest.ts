import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { imageFileName } from '../../base/image-file-name.ts';
import { completeManifest, type Manifest, type ManifestEncryption, type ManifestInput } from '../../image/manifest.ts';
import type { BackupType } from '../../protocol/backups.ts';
import type { Compression, ImageRequest } from '../requests/image.ts';
import { engineVersion } from '../version.ts';
import type { BackupHooks } from './hooks.ts';
import type { PlannedDisk, PlannedPartition } from './sources/planned-partition.ts';

/** What tells this backup from others of its set. */
export interface BackupIdentity {
	/** 16 hex digits. */
	readonly imageId: string;
	readonly type: BackupType;
	readonly fileNumber: number;
	readonly incrementNumber: number;
	/** Seconds since 1970. */
	readonly time: number;
	readonly setTime: number;
	readonly deltaIndex: boolean;
	/** Files of the set so far, oldest first. */
	readonly history: readonly { readonly file_name: string; readonly file_number: number }[];
	/** Goes into the file name behind the image id. */
	readonly name: string;
	readonly compression: Compression;
	readonly encryption: ManifestEncryption;
}

/** The image format's names; everything else is `unknown` to its readers. */
const formatNames: Readonly<Record<string, string>> = {
	NTFS: 'NTFS',
	FAT12: 'FAT12',
	FAT16: 'FAT16',
	FAT32: 'FAT32',
	exFAT: 'exFAT',
	ext2: 'ext',
	ext3: 'ext',
	ext4: 'ext',
};

/** The `$JSON` of a backup that is about to be written; what the writer itself sets is left at its default. */
export function buildManifest(
	request: ImageRequest,
	disks: readonly PlannedDisk[],
	identity: BackupIdentity,
	baseName: string,
	hooks: BackupHooks | undefined,
	hostName: string,
): Manifest {
	return completeManifest({
		_auxiliary_data: auxiliaryData(request, disks, identity, baseName, hooks),
		_compression: { compression_level: identity.compression, compression_method: 'zstd' },
		_encryption: identity.encryption,
		_header: {
			backup_format: 'partition',
			backup_guid: randomUUID(),
			backup_time: identity.time,
			backup_type: identity.type,
			backupset_time: identity.setTime,
			delta_index: identity.deltaIndex,
			file_number: identity.fileNumber,
			imaged_disks_count: disks.length,
			imageid: identity.imageId,
			increment_number: identity.incrementNumber,
			index_file_position: 0,
			json_version: 1,
			merged_files: [],
			netbios_name: hostName.split('.')[0]!.slice(0, 15).toUpperCase(),
			split_file: false,
		},
		disks: disks.map((disk) => diskEntry(disk, identity)),
	});
}

function auxiliaryData(
	request: ImageRequest,
	disks: readonly PlannedDisk[],
	identity: BackupIdentity,
	baseName: string,
	hooks: BackupHooks | undefined,
): ManifestInput['_auxiliary_data'] {
	const destination = join(request.folder, imageFileName(baseName, identity.incrementNumber, identity.fileNumber));
	const carried = disks.map(({ source, number, partitions }) => ({
		number,
		partitions: partitions.map((planned) => planned.number),
		signature: source.layout.id,
	}));
	return {
		// Whatever it is given, completing the manifest checks it.
		backup_definition: hooks?.carried(destination, carried) ?? {
			auto_verify: request.verify,
			backup_format: 'partition',
			comment: request.comment,
			compression_level: identity.compression,
			cpu_priority: 'normal',
			disk_space_management: {
				low_space_gb_threshold: request.minFree === undefined ? 0 : Math.round(request.minFree / 2 ** 30),
				low_space_purge: request.minFree !== undefined,
			},
			disks: carried,
			file_size_limit: request.splitSize ?? 0,
			file_type: 'image',
			filename: destination,
			filename_template: identity.name,
			intelligent_sector_copy: !request.allSectors,
			limit_file_size: request.splitSize !== undefined,
			prefix_unique: true,
		},
		bootable: disks.some(({ source }) =>
			source.partitions.some((partition) => partition.active || partition.typeName === 'EFI system'),
		),
		destination,
		// The release of the format's own program whose files these are like.
		macrium_reflect: { build: 0, file_version: 10, major: 10, minor: 0 },
		target_drive_type: 'local',
		third_party_software_version_list: [{ name_and_version: `Afterimage ${engineVersion}` }],
		unique_prefix_type: 'imageid',
	};
}

function diskEntry(
	{ source, number, partitions }: PlannedDisk,
	identity: BackupIdentity,
): ManifestInput['disks'][number] {
	const { layout, disk } = source;
	const { device } = disk;
	const extended = layout.extended[0];
	return {
		_descriptor: {
			disk_description: [device.vendor, device.model, device.revision].filter((part) => part !== '').join(' '),
			disk_manufacturer: device.vendor,
			disk_productid: device.model,
			disk_revisonno: device.revision,
			disk_serialno: device.serial,
		},
		_geometry: {
			bytes_per_sector: layout.sectorSize,
			// The classic geometry; nothing computes with it any more.
			cylinders: Math.floor(layout.size / (255 * 63 * layout.sectorSize)),
			disk_size: layout.size,
			media_type: device.removable ? 'removable_media' : 'fixed_media',
			sectors_per_track: 63,
			tracks_per_cylinder: 255,
		},
		_header: {
			disk_format: layout.table === 'none' ? 'unknown' : layout.table,
			disk_number: number,
			disk_signature: layout.id,
			extended_partition_count: layout.extended.length,
			extended_partition_sector_offset: extended === undefined ? 0 : extended.start / layout.sectorSize,
			imaged_partition_count: partitions.length,
		},
		partitions: partitions.map((planned) => partitionEntry(planned, layout.sectorSize, identity)),
	};
}

function partitionEntry(
	{ partition, number, fileSystem, identity: contents, info, blockSize, reservedBytes }: PlannedPartition,
	sectorSize: number,
	identity: BackupIdentity,
): NonNullable<ManifestInput['disks'][number]['partitions']>[number] {
	const { start, length, entry } = partition;
	const end = start + length - 1;
	return {
		_file_system: {
			end,
			free_clusters: info?.freeClusters ?? 0,
			lcn0_offset: start + reservedBytes,
			mft_offset: info?.mft === undefined ? 0 : start + info.mft.offset,
			mft_record_size: info?.mft?.recordSize ?? 0,
			partition_index: number,
			reserved_sectors_byte_length: reservedBytes,
			sectors_per_cluster: info === undefined ? 0 : Math.floor(info.clusterSize / sectorSize),
			start,
			total_clusters: info?.totalClusters ?? 0,
			type: formatNames[fileSystem] ?? 'unknown',
			// What tells a partition apart where the disk has no id, as its own tools print it.
			volume_guid: contents,
			volume_label: info?.label ?? '',
		},
		_geometry: { boot_sector_offset: 0, end, length, start },
		_header: {
			block_size: blockSize,
			file_history: identity.history,
			file_history_count: identity.history.length,
			partition_number: number,
		},
		_partition_table_entry: {
			active: entry.active,
			boot_sector: entry.bootSector,
			end_cylinder: entry.endCylinder,
			end_head: entry.endHead,
			num_sectors: entry.numSectors,
			partition_type: entry.kind,
			start_cylinder: entry.startCylinder,
			start_head: entry.startHead,
			status: entry.status,
			type: entry.type,
		},
	};
}
