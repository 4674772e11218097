import type { BackupDefinition, Email, FailureMessage, Retention, SourceDisk, Sources } from './model.ts';
import { definitionTree } from './tree.ts';
import { writeDocument } from './xml/write.ts';

/**
 * `_auxiliary_data.backup_definition` of an image, as the image format publishes it (complete_schema.json upstream),
 * and one member of our own: the definition as XML, for what the published names cannot say.
 */
export interface ImageDefinition {
	alternative_locations: string[];
	auto_verify: boolean;
	backup_definition_file: string;
	backup_format: 'partition';
	check_filesystem: boolean;
	comment: string;
	compression_level: string;
	cpu_priority: string;
	disk_space_management: {
		apply_to_all_sets_in_folder: boolean;
		differential_retention: PublishedRetention;
		full_retention: PublishedRetention;
		incremental_retention: PublishedRetention;
		incrementals_forever: boolean;
		low_space_gb_threshold: number;
		low_space_purge: boolean;
		run_before: boolean;
	};
	disks: { number: number; partitions: number[]; signature: string }[];
	email: Record<string, boolean | string>;
	file_size_limit: number;
	file_type: 'image';
	filename: string;
	filename_template: string;
	intelligent_sector_copy: boolean;
	limit_file_size: boolean;
	post_backup_shutdown: { enable: boolean; force: boolean; level: string };
	prefix_unique: boolean;
	rate_limit: number;
	afterimage_xml: string;
}

export interface PublishedRetention {
	enable: boolean;
	interval: number;
	/** The format knows no months: they are written as weeks, rounded up. */
	period: 'count' | 'days' | 'weeks';
}

/** What only a run knows. */
export interface RunFacts {
	/** Full path of the image file that is being written. */
	readonly filename: string;
	/** Full path of the definition, empty when it was not saved. */
	readonly definitionFile: string;
	/** The disks and partitions that the run images, by their own ids: for what a definition does not name by one. */
	readonly disks: ImageDefinition['disks'];
}

/** The definition as an image carries it. */
export function toImageDefinition(definition: BackupDefinition, run: RunFacts): ImageDefinition {
	const space = definition.diskSpaceManagement;
	return {
		afterimage_xml: writeDocument(definitionTree(definition)),
		alternative_locations: [...definition.destination.alternativeLocations.folders],
		auto_verify: definition.autoVerify,
		backup_definition_file: run.definitionFile,
		backup_format: 'partition',
		check_filesystem: definition.checkFilesystem,
		comment: definition.comment,
		compression_level: definition.compressionLevel,
		cpu_priority: definition.cpuPriority,
		disk_space_management: {
			apply_to_all_sets_in_folder: space.applyToAllSetsInFolder,
			differential_retention: publishedRetention(space.differentialRetention),
			full_retention: publishedRetention(space.fullRetention),
			incremental_retention: publishedRetention(space.incrementalRetention),
			incrementals_forever: space.incrementalsForever,
			low_space_gb_threshold: space.lowSpaceGbThreshold,
			low_space_purge: space.lowSpacePurge,
			run_before: space.runBefore,
		},
		disks: namesItsDisks(definition.sources)
			? definition.sources.disks.map(publishedDisk)
			: run.disks.map(withPublishedId),
		email: publishedEmail(definition.email),
		file_size_limit: definition.fileSizeLimit ?? 0,
		file_type: 'image',
		filename: run.filename,
		filename_template: definition.destination.filenameTemplate,
		intelligent_sector_copy: definition.intelligentSectorCopy,
		limit_file_size: definition.fileSizeLimit !== undefined,
		post_backup_shutdown: { ...definition.postBackupShutdown },
		prefix_unique: definition.destination.prefixUnique,
		rate_limit: definition.rateLimit,
	};
}

function publishedRetention(rule: Retention | undefined): PublishedRetention {
	if (rule === undefined) return { enable: false, interval: 0, period: 'count' };
	if (rule.period !== 'months') return { enable: rule.enable, interval: rule.interval, period: rule.period };
	return { enable: rule.enable, interval: Math.ceil((rule.interval * 52) / 12), period: 'weeks' };
}

const noGuid = '-0000-0000-0000-000000000000';

/** Whether all that is imaged is named by disk ids: raw files and the partitions required to boot the format cannot name. */
export function namesItsDisks({ bootPartitions, rawFiles }: Sources): boolean {
	return !bootPartitions && rawFiles.length === 0;
}

function publishedDisk({ number, partitions, signature }: SourceDisk): ImageDefinition['disks'][number] {
	return withPublishedId({ number: number ?? 0, partitions: partitions.map((one) => one.number), signature });
}

/** The format's signatures are GUIDs; an MBR signature is written as one whose other digits are zero. */
function withPublishedId(disk: ImageDefinition['disks'][number]): ImageDefinition['disks'][number] {
	return disk.signature.length === 8 ? { ...disk, signature: `${disk.signature}${noGuid}` } : disk;
}

/** The signature of a disk as a definition has it. */
export function ownSignature(published: string): string {
	return published.endsWith(noGuid) ? published.slice(0, 8) : published;
}

function publishedEmail(email: Email): Record<string, boolean | string> {
	const fields: Record<string, boolean | string> = {};
	for (const outcome of ['success', 'warning', 'failure'] as const) {
		const message = email[outcome];
		fields[`${outcome}_enable`] = message?.enable ?? false;
		fields[`${outcome}_recipients`] = message?.recipients ?? '';
		fields[`${outcome}_subject`] = message?.subject ?? '';
		fields[`${outcome}_content`] = message?.content ?? '';
		fields[`${outcome}_attach_log`] = message?.attachLog ?? false;
		fields[`${outcome}_attach_vss_log`] = message?.attachVssLog ?? false;
	}
	const failure: FailureMessage | undefined = email.failure;
	fields['failure_include_cancelled'] = failure?.includeCancelled ?? false;
	fields['failure_include_skipped'] = failure?.includeSkipped ?? true;
	return fields;
}
