import { flag, informative, integer, list, object, oneOf, optionalObject, text } from './shape.ts';

/**
 * `_auxiliary_data.backup_definition`: the definition that made the image, as Macrium's schema has it
 * (`schema/complete_schema.json` of the published format). Nothing here is needed to restore, so nothing is refused.
 */

const whole = integer(-0x8000_0000, 0x7fff_ffff);
const off = informative(flag, false);
const empty = informative(text, '');

const retention = optionalObject({
	enable: off,
	/** How many of `period` are kept. */
	interval: informative(whole, 0),
	period: informative(oneOf('count', 'days', 'weeks'), 'count'),
});

const email = optionalObject({
	failure_attach_log: off,
	failure_attach_vss_log: off,
	failure_content: empty,
	failure_enable: off,
	failure_include_cancelled: off,
	failure_include_skipped: off,
	failure_recipients: empty,
	failure_subject: empty,
	success_attach_log: off,
	success_attach_vss_log: off,
	success_content: empty,
	success_enable: off,
	success_recipients: empty,
	success_subject: empty,
	warning_attach_log: off,
	warning_attach_vss_log: off,
	warning_content: empty,
	warning_enable: off,
	warning_recipients: empty,
	warning_subject: empty,
});

const diskSpaceManagement = optionalObject({
	apply_to_all_sets_in_folder: off,
	differential_retention: retention,
	full_retention: retention,
	incremental_retention: retention,
	/** Synthetic full. */
	incrementals_forever: off,
	/** The oldest sets go when less than this many GB are free. */
	low_space_gb_threshold: informative(whole, 0),
	low_space_purge: off,
	run_before: off,
});

export const backupDefinitionShape = optionalObject({
	/** Folders tried in turn when the first is not there. */
	alternative_locations: informative(list(text, 1000), []),
	auto_verify: off,
	/** Path of the definition. */
	backup_definition_file: empty,
	backup_format: informative(oneOf('partition', 'file_and_folder'), 'partition'),
	check_filesystem: off,
	comment: empty,
	compression_level: informative(oneOf('none', 'medium', 'high'), 'medium'),
	consolidation_type: informative(
		oneOf('none', 'daily', 'weekly', 'monthly', 'synthetic_full', 'incremental_merge'),
		'none',
	),
	cpu_priority: informative(oneOf('idle', 'below_normal', 'normal', 'above_normal'), 'below_normal'),
	disk_space_management: diskSpaceManagement,
	disks: informative(
		list(
			object({
				number: whole,
				/** Partition numbers. */
				partitions: list(whole, 1000),
				/** Disk id of 8 hex digits, or the GPT disk GUID. */
				signature: text,
			}),
			1000,
		),
		[],
	),
	email,
	/** Bytes at which a backup is split, when `limit_file_size`. */
	file_size_limit: informative(integer(0, Number.MAX_SAFE_INTEGER), 0),
	file_type: informative(oneOf('image', 'file_and_folder'), 'image'),
	filename: empty,
	filename_template: empty,
	/** Only used blocks were stored. */
	intelligent_sector_copy: informative(flag, true),
	limit_file_size: off,
	post_backup_shutdown: optionalObject({
		enable: off,
		force: off,
		level: informative(oneOf('none', 'shutdown', 'hibernate', 'suspend', 'reboot'), 'none'),
	}),
	prefix_unique: off,
	rate_limit: informative(whole, -1),
});
