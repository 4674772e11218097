import { backupDefinitionShape } from './backup-definition.ts';
import {
	flag,
	informative,
	integer,
	list,
	matching,
	object,
	oneOf,
	optional,
	optionalObject,
	text,
	type GivenFields,
	type Read,
} from './shape.ts';

/**
 * `$JSON`: the document that describes an image file, with the names of the published format
 * (`macrium/mrimgx_file_layout`, `schema/complete_schema.json`). What Macrium leaves out is filled in when it is read;
 * what restoring needs is refused when it is of the wrong type or out of range; what is not known is kept.
 */

const int32 = 0x7fff_ffff;
const uint32 = 0xffff_ffff;
const offset = integer(0, Number.MAX_SAFE_INTEGER);
const count = informative(integer(0, Number.MAX_SAFE_INTEGER), 0);
const word = informative(integer(-int32 - 1, uint32), 0);
const words = informative(text, '');

const fileHistory = object({
	file_name: text,
	file_number: integer(0, 0xffff),
});

const partitionHeader = object({
	/** Elements of the complete index: ceil(length / block_size). */
	block_count: optional(integer(0, int32), 0),
	/** Bytes of a block before compression; a power of two on every file known. */
	block_size: integer(512, 0x4000_0000),
	/** Name and number of each file of the set that still exists, this one included. */
	file_history: informative(list(fileHistory, 0x1_0000), []),
	file_history_count: count,
	partition_file_offset: count,
	/** Part of the initialisation vector: an incremental keeps the number of its set. */
	partition_number: integer(-int32 - 1, int32),
});

const partitionGeometry = object({
	/** Bytes from `start` to the boot sector: where FAT reserved sectors are written. */
	boot_sector_offset: optional(offset, 0),
	/** Last byte of the partition on the disk, inclusive. */
	end: optional(offset, 0),
	/** Bytes. */
	length: optional(offset, 0),
	/** Byte on the disk where the partition begins. */
	start: offset,
});

const fileSystem = object({
	bitlocker_state: informative(text, 'none'),
	/** Code of the letter, 0 for none. */
	drive_letter: word,
	end: informative(offset, 0),
	fat_offset: count,
	free_clusters: count,
	lcn0_file_number: word,
	/** Byte on the disk where block 0 lies. */
	lcn0_offset: offset,
	linux_blocks_per_group: count,
	linux_group_count: count,
	mft_offset: count,
	mft_record_size: count,
	partition_index: word,
	/** FAT: bytes that the reserved index covers. */
	reserved_sectors_byte_length: optional(integer(0, uint32), 0),
	sectors_per_cluster: count,
	shadow_copy: words,
	/** Byte on the disk where the file system begins: that of its partition on every file known. */
	start: optional(offset, 0),
	total_clusters: count,
	/** `NTFS`, `FAT32`, `FAT16`, `FAT12`, `exFAT`, `ReFS`, `ext` or `unknown`; other texts are kept. */
	type: informative(text, 'unknown'),
	volume_guid: words,
	volume_label: words,
});

const partitionTableEntry = optionalObject({
	active: informative(flag, false),
	boot_sector: word,
	end_cylinder: word,
	end_head: word,
	num_sectors: word,
	partition_type: informative(oneOf('unallocated', 'primary', 'logical'), 'primary'),
	start_cylinder: word,
	start_head: word,
	status: word,
	type: word,
});

const partition = object({
	_file_system: fileSystem,
	_geometry: partitionGeometry,
	_header: partitionHeader,
	_partition_table_entry: partitionTableEntry,
});

const disk = object({
	_descriptor: optionalObject({
		disk_description: words,
		disk_manufacturer: words,
		disk_productid: words,
		disk_revisonno: words,
		disk_serialno: words,
	}),
	_geometry: object({
		bytes_per_sector: integer(256, 65536),
		cylinders: count,
		/** Bytes. */
		disk_size: offset,
		media_type: informative(oneOf('fixed_media', 'removable_media'), 'fixed_media'),
		sectors_per_track: count,
		tracks_per_cylinder: count,
	}),
	_header: object({
		disk_format: oneOf('gpt', 'mbr', 'dynamic', 'unknown'),
		/** Part of the initialisation vector: an incremental keeps the number of its set. */
		disk_number: integer(-int32 - 1, int32),
		/** GPT disk GUID with hyphens in upper case, or the MBR's id as 8 hex digits. */
		disk_signature: optional(text, ''),
		extended_partition_count: count,
		extended_partition_sector_offset: count,
		imaged_partition_count: count,
	}),
	partitions: list(partition, 1024),
});

const header = object({
	backup_format: optional(oneOf('partition', 'file_and_folder'), 'partition'),
	backup_guid: words,
	/** Seconds since 1970 in UTC. */
	backup_time: informative(integer(0, Number.MAX_SAFE_INTEGER), 0),
	backup_type: optional(oneOf('full', 'diff', 'inc'), 'full'),
	/** `backup_time` of the full. */
	backupset_time: informative(integer(0, Number.MAX_SAFE_INTEGER), 0),
	/** Elements of 34 bytes. A missing one reads as true, as in the reference reader. */
	delta_index: optional(flag, true),
	/** Place of the file in its set; index elements name it. */
	file_number: integer(0, 0xffff),
	imaged_disks_count: count,
	/** Names the set, and is part of the initialisation vector. */
	imageid: matching(/^[0-9a-fA-F]{16}$/, '16 hex digits'),
	/** Number of the backup in its set; smaller than `file_number` after a split. */
	increment_number: integer(0, 0xffff),
	/** Byte of the file where disk and partition metadata begin. */
	index_file_position: offset,
	json_version: informative(integer(0, int32), 1),
	/** Numbers of the files that this one has absorbed. */
	merged_files: optional(list(integer(0, 0xffff), 0x1_0000), []),
	netbios_name: words,
	/** Blocks only: a later file of the same backup has the indexes. */
	split_file: optional(flag, false),
});

const compression = object({
	compression_level: oneOf('none', 'medium', 'high'),
	compression_method: optional(oneOf('zstd'), 'zstd'),
});

const encryption = object({
	aes_type: optional(oneOf('none', 'aes-128', 'aes-192', 'aes-256'), 'none'),
	enable: flag,
	/** 64 hex digits: HMAC-SHA-256 of nothing under the derived key. Empty without encryption. */
	hmac: optional(matching(/^(?:[0-9a-fA-F]{64})?$/, '64 hex digits or nothing'), ''),
	key_derivation: optional(oneOf('pbkdf2'), 'pbkdf2'),
	/** Rounds of PBKDF2; the upper bound keeps a hostile file from costing more than seconds. */
	key_iterations: integer(0, 20_000_000),
});

const auxiliaryData = optionalObject({
	backup_definition: backupDefinitionShape,
	boot_partition: words,
	bootable: informative(flag, false),
	collision_number: word,
	/** Path at which the file was written. */
	destination: words,
	highest_file_offset: count,
	/** Version of the program that wrote the file, under the name that the format gives it. */
	macrium_reflect: optionalObject({ build: word, file_version: word, major: word, minor: word }),
	system_partition: words,
	target_drive_type: informative(oneOf('local', 'network', 'usb', 'cd', 'blockstore'), 'local'),
	third_party_software_version_list: informative(list(object({ name_and_version: text }), 1000), []),
	unique_prefix_type: informative(text, 'imageid'),
});

const manifestFields = {
	_auxiliary_data: auxiliaryData,
	_compression: compression,
	_encryption: encryption,
	_header: header,
	disks: list(disk, 1024),
};
/** The whole document. */
export const manifestShape = object(manifestFields);

export type Manifest = Read<typeof manifestShape>;
export type ManifestHeader = Read<typeof header>;
export type ManifestDisk = Read<typeof disk>;
export type ManifestPartition = Read<typeof partition>;
export type ManifestEncryption = Read<typeof encryption>;
/** A manifest to be completed: what has a default may be left out. */
export type ManifestInput = GivenFields<typeof manifestFields>;
