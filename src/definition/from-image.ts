import { namesItsDisks, ownSignature, toImageDefinition, type ImageDefinition } from './image-definition.ts';
import { defaultDefinition } from './defaults.ts';
import type { BackupDefinition, Email, Message, Retention } from './model.ts';
import { readModel } from './read-model.ts';
import { checkSchema } from './schema/check.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import { parseXml } from './xml/parse.ts';

type Plain = Readonly<Record<string, unknown>>;

/**
 * The definition that an image carries, ours or Macrium's. Published members decide; what they leave out comes from
 * the XML that our images carry besides, or has its default. Members of a wrong type are passed over.
 * @param json `_auxiliary_data.backup_definition`, whatever the file holds there
 * @param fallbackName name for the definition when the image names none
 */
export function fromImageDefinition(json: unknown, fallbackName: string): BackupDefinition {
	const published = plain(json);
	const known = ownXml(published['afterimage_xml']);
	const base = known ?? { ...defaultDefinition(), name: nameOf(published, fallbackName) };
	// What the base says in published terms; where the image says the same, the base's own wording stays.
	const said: ImageDefinition = toImageDefinition(base, { filename: '', definitionFile: '', disks: [] });
	const differs = (name: keyof ImageDefinition): boolean =>
		published[name] !== undefined && !sameJson(published[name], said[name]);
	const take = <T>(name: keyof ImageDefinition, read: (value: unknown) => T | undefined, kept: T): T =>
		differs(name) ? (read(published[name]) ?? kept) : kept;

	const folder = known === undefined ? folderOf(text(published['filename'])) : undefined;
	const limit = published['limit_file_size'] === true ? number(published['file_size_limit']) : undefined;
	return {
		...base,
		comment: take('comment', text, base.comment),
		// Where the definition names none, those in the image are what one run has found.
		sources: namesItsDisks(base.sources)
			? { ...base.sources, disks: take('disks', disks, base.sources.disks) }
			: base.sources,
		destination: {
			...base.destination,
			folder: folder ?? base.destination.folder,
			alternativeLocations: {
				folders: take('alternative_locations', texts, base.destination.alternativeLocations.folders),
			},
			filenameTemplate: take('filename_template', text, base.destination.filenameTemplate),
			prefixUnique: take('prefix_unique', boolean, base.destination.prefixUnique),
		},
		compressionLevel: take('compression_level', oneOf('none', 'medium', 'high'), base.compressionLevel),
		fileSizeLimit: differs('limit_file_size') || differs('file_size_limit') ? limit : base.fileSizeLimit,
		intelligentSectorCopy: take('intelligent_sector_copy', boolean, base.intelligentSectorCopy),
		autoVerify: take('auto_verify', boolean, base.autoVerify),
		checkFilesystem: take('check_filesystem', boolean, base.checkFilesystem),
		cpuPriority: take('cpu_priority', oneOf('idle', 'below_normal', 'normal', 'above_normal'), base.cpuPriority),
		rateLimit: take('rate_limit', number, base.rateLimit),
		postBackupShutdown: take('post_backup_shutdown', shutdown, base.postBackupShutdown),
		diskSpaceManagement: take('disk_space_management', (value) => space(value, base, said), base.diskSpaceManagement),
		email: take('email', (value) => email(plain(value), base.email), base.email),
	};
}

/** Our own XML, when it is there and valid: an image is no more to be trusted than any other file. */
function ownXml(value: unknown): BackupDefinition | undefined {
	if (typeof value !== 'string') return undefined;
	const document = parseXml(value);
	if (document.problems.length > 0 || checkSchema(document, definitionSchema()).length > 0) return undefined;
	return readModel(document);
}

function nameOf(published: Plain, fallback: string): string {
	const file = text(published['backup_definition_file']) ?? '';
	const base = file
		.split(/[\\/]/)
		.at(-1)!
		.replace(/\.xml$/i, '');
	return base.trim() === '' ? fallback : base;
}

function folderOf(filename: string | undefined): string | undefined {
	const match = /^(.+)[\\/][^\\/]*$/.exec(filename ?? '');
	if (match === null) return undefined;
	return /^[A-Za-z]:$/.test(match[1]!) ? `${match[1]}\\` : match[1];
}

function disks(value: unknown): BackupDefinition['sources']['disks'] | undefined {
	if (!Array.isArray(value)) return undefined;
	return value.map(plain).flatMap((disk) => {
		const signature = text(disk['signature']);
		if (
			signature === undefined ||
			!/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$|^[0-9A-Fa-f]{8}$/.test(signature)
		) {
			return [];
		}
		const partitions = Array.isArray(disk['partitions']) ? disk['partitions'] : [];
		return {
			signature: ownSignature(signature),
			number: number(disk['number']),
			model: undefined,
			partitions: partitions.flatMap((one) => {
				const at = number(one);
				return at === undefined || at < 0 ? [] : { number: at, offset: undefined, label: undefined };
			}),
		};
	});
}

function shutdown(value: unknown): BackupDefinition['postBackupShutdown'] {
	const one = plain(value);
	return {
		enable: boolean(one['enable']) ?? false,
		level: oneOf('none', 'shutdown', 'hibernate', 'suspend', 'reboot')(one['level']) ?? 'none',
		force: boolean(one['force']) ?? false,
	};
}

function space(value: unknown, base: BackupDefinition, said: ImageDefinition): BackupDefinition['diskSpaceManagement'] {
	const one = plain(value);
	const old = base.diskSpaceManagement;
	const rule = (
		name: 'full_retention' | 'differential_retention' | 'incremental_retention',
		kept: Retention | undefined,
	) => (sameJson(one[name], said.disk_space_management[name]) ? kept : retention(plain(one[name])));
	return {
		applyToAllSetsInFolder: boolean(one['apply_to_all_sets_in_folder']) ?? old.applyToAllSetsInFolder,
		incrementalsForever: boolean(one['incrementals_forever']) ?? old.incrementalsForever,
		runBefore: boolean(one['run_before']) ?? old.runBefore,
		lowSpacePurge: boolean(one['low_space_purge']) ?? old.lowSpacePurge,
		lowSpaceGbThreshold: number(one['low_space_gb_threshold']) ?? old.lowSpaceGbThreshold,
		fullRetention: rule('full_retention', old.fullRetention),
		differentialRetention: rule('differential_retention', old.differentialRetention),
		incrementalRetention: rule('incremental_retention', old.incrementalRetention),
	};
}

function retention(one: Plain): Retention | undefined {
	const interval = number(one['interval']);
	if (interval === undefined || interval < 1) return undefined;
	return {
		enable: boolean(one['enable']) ?? false,
		interval: Math.min(interval, 9999),
		period: oneOf('count', 'days', 'weeks')(one['period']) ?? 'count',
	};
}

function email(one: Plain, base: Email): Email {
	const message = (outcome: 'success' | 'warning' | 'failure'): Message | undefined => {
		const recipients = (text(one[`${outcome}_recipients`]) ?? '').trim();
		if (recipients === '') return undefined;
		return {
			enable: boolean(one[`${outcome}_enable`]) ?? false,
			recipients,
			subject: text(one[`${outcome}_subject`]) ?? '',
			content: text(one[`${outcome}_content`]) ?? '',
			attachLog: boolean(one[`${outcome}_attach_log`]) ?? false,
			attachVssLog: boolean(one[`${outcome}_attach_vss_log`]) ?? false,
		};
	};
	const failure = message('failure');
	return {
		...base,
		success: message('success'),
		warning: message('warning'),
		failure: failure && {
			...failure,
			includeCancelled: boolean(one['failure_include_cancelled']) ?? false,
			includeSkipped: boolean(one['failure_include_skipped']) ?? true,
		},
	};
}

function plain(value: unknown): Plain {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
	return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : undefined;
}

function boolean(value: unknown): boolean | undefined {
	return typeof value === 'boolean' ? value : undefined;
}

function number(value: unknown): number | undefined {
	return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function oneOf<T extends string>(...values: readonly T[]): (value: unknown) => T | undefined {
	return (value) => values.find((one) => one === value);
}

/** Equality of JSON values, whatever the order of members. */
function sameJson(a: unknown, b: unknown): boolean {
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameJson(one, b[i]));
	const [x, y] = [plain(a), plain(b)];
	if (typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) || Array.isArray(b)) return a === b;
	const keys = new Set([...Object.keys(x), ...Object.keys(y)]);
	return [...keys].every((key) => sameJson(x[key], y[key]));
}
