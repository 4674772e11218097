import { english, type Wording } from '../base/l10n.ts';

/** A piece of a definition that can be put in as a whole. */
export interface Block {
	/** Word to type for it in any XML document, behind `afterimage-`. */
	readonly word: string;
	readonly title: Wording;
	readonly description: Wording;
	/** Name of the element it belongs into; undefined for a whole document. */
	readonly parent: string | undefined;
	/** Snippet syntax, indented by tabs; element names without a prefix. */
	readonly lines: readonly string[];
}

const timings: readonly (readonly [
	word: string,
	title: Wording,
	description: Wording,
	type: string,
	timing: string,
])[] = [
	[
		'once',
		(t) => t('schedule: once'),
		(t) => t('A single backup.'),
		'full',
		'<once date="${1:2027-01-01}" time="${2:09:00}"/>',
	],
	['daily', (t) => t('schedule: daily'), (t) => t('A backup every day.'), 'inc', '<daily time="${1:09:00}"/>'],
	[
		'weekly',
		(t) => t('schedule: weekly'),
		(t) => t('A backup on certain weekdays.'),
		'inc',
		'<weekly days="${1:monday tuesday wednesday thursday friday}" time="${2:09:00}"/>',
	],
	[
		'monthly',
		(t) => t('schedule: monthly'),
		(t) => t('A backup on a day of the month.'),
		'full',
		'<monthly day="${1:1}" time="${2:09:00}"/>',
	],
	[
		'monthly-weekday',
		(t) => t('schedule: monthly, by weekday'),
		(t) => t('A backup on a weekday of the month.'),
		'full',
		'<monthly_weekday week="${1|first,second,third,fourth,last|}" weekday="${2|monday,tuesday,wednesday,thursday,friday,saturday,sunday|}" time="${3:09:00}"/>',
	],
	[
		'intradaily',
		(t) => t('schedule: several times a day'),
		(t) => t('A backup every few minutes within working hours.'),
		'inc',
		'<intradaily minutes="${1:15}" from="${2:09:00}" until="${3:17:00}" days="${4:monday tuesday wednesday thursday friday}"/>',
	],
	[
		'event',
		(t) => t('schedule: at an event'),
		(t) => t('A backup when the computer starts or somebody logs on.'),
		'inc',
		'<event trigger="${1|startup,log_on|}"/>',
	],
];

/** Every block, besides the templates of plans. */
export const blocks: readonly Block[] = [
	{
		word: 'definition',
		title: (t) => t('backup definition'),
		description: (t) =>
			t('A whole backup definition: the disks, the destination, monthly full and daily incremental backups.'),
		parent: undefined,
		lines: [
			'<?xml version="1.0" encoding="UTF-8"?>',
			'<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">',
			'\t<name>${1:My computer}</name>',
			'\t<sources boot_partitions="${2|true,false|}">',
			'\t\t$0',
			'\t</sources>',
			'\t<destination>',
			'\t\t<folder>${3:/mnt/backup}</folder>',
			'\t</destination>',
			'\t<scheduling>',
			'\t\t<schedule backup_type="full">',
			'\t\t\t<monthly_weekday week="first" weekday="monday" time="${4:09:00}"/>',
			'\t\t</schedule>',
			'\t\t<schedule backup_type="inc">',
			'\t\t\t<weekly days="monday tuesday wednesday thursday friday saturday" time="${4:09:00}"/>',
			'\t\t</schedule>',
			'\t</scheduling>',
			'\t<disk_space_management low_space_purge="true">',
			'\t\t<full_retention interval="26" period="weeks"/>',
			'\t\t<incremental_retention interval="14" period="days"/>',
			'\t</disk_space_management>',
			'</backup_definition>',
			'',
		],
	},
	...timings.map(([word, title, description, type, timing]) => ({
		word: `schedule-${word}`,
		title,
		description,
		parent: 'scheduling',
		lines: [`<schedule backup_type="\${9|${ordered(type)}|}">`, `\t${timing}`, '</schedule>'],
	})),
	{
		word: 'retention',
		title: (t) => t('retention rules'),
		description: (t) => t('How many backups of each type are kept, and how much room stays free.'),
		parent: 'backup_definition',
		lines: [
			'<disk_space_management low_space_purge="true" low_space_gb_threshold="${1:5}">',
			'\t<full_retention interval="${2:12}" period="${3|count,days,weeks,months|}"/>',
			'\t<differential_retention interval="${4:4}" period="${5|count,days,weeks,months|}"/>',
			'\t<incremental_retention interval="${6:10}" period="${7|count,days,weeks,months|}"/>',
			'</disk_space_management>',
		],
	},
	{
		word: 'encryption',
		title: (t) => t('encryption'),
		description: (t) => t('Images that only the password opens. The password itself never stands in a definition.'),
		parent: 'backup_definition',
		lines: [
			'<encryption aes_type="${1|aes-256,aes-192,aes-128|}" password_source="${2|secret_storage,environment,file|}" password_name="${3:backup}"/>',
		],
	},
	{
		word: 'scripts',
		title: (t) => t('scripts before and after'),
		description: (t) => t('Programs that run around the backup.'),
		parent: 'backup_definition',
		lines: [
			'<scripts>',
			'\t<before path="${1:/usr/local/sbin/before-backup}" on_failure="${2|stop,warn,ignore|}"/>',
			'\t<after path="${3:/usr/local/sbin/after-backup}" run_on="${4|always,success,failure|}"/>',
			'</scripts>',
		],
	},
	{
		word: 'email',
		title: (t) => t('mail about failures'),
		description: (t) => t('Mail when a backup fails.'),
		parent: 'backup_definition',
		lines: [
			'<email server="${1:smtps://mail.example.com:465}" sender="${2:backup@example.com}">',
			'\t<failure recipients="${3:admin@example.com}" attach_log="true"/>',
			'</email>',
		],
	},
	{
		word: 'alternatives',
		title: (t) => t('alternative locations'),
		description: (t) => t('Folders that are tried when the destination cannot be reached.'),
		parent: 'destination',
		lines: ['<alternative_locations>', '\t<folder>${1:/mnt/second}</folder>', '</alternative_locations>'],
	},
];

/** Snippet text of a block, for a document that gives our namespace a prefix. */
export function blockText(block: Block, prefix = ''): string {
	const text = block.lines.join('\n');
	return prefix === '' ? text : text.replace(/<(\/?)(?=[a-z])/g, `<$1${prefix}`);
}

function ordered(first: string): string {
	return [first, ...['full', 'diff', 'inc'].filter((type) => type !== first)].join(',');
}

/** The blocks as editors offer them in any XML document: contents of `snippets/backup-definition.json`. */
export function snippets(): Record<string, { prefix: string; description: string; body: readonly string[] }> {
	return Object.fromEntries(
		blocks.map(({ title, word, description, lines }) => [
			`Afterimage: ${title(english)}`,
			{ prefix: `afterimage-${word}`, description: description(english), body: lines },
		]),
	);
}
