import { DateTime } from 'luxon';
import type { Translate } from '../base/l10n.ts';
import type { BackupDefinition } from './model.ts';
import type { BackupType } from './retention/types.ts';
import type { Span } from './xml/tree.ts';

/** What the parameters of file names and mail stand for in one run. */
export interface ParameterContext {
	/** 16 hexadecimal digits. */
	readonly imageId: string;
	/** When the backup began, milliseconds since 1970. */
	readonly time: number;
	readonly zone: string;
	readonly computerName: string;
	readonly userName: string;
	readonly backupType: BackupType;
	/** Numbers of the imaged disks. */
	readonly disks: readonly number[];
	/** Drive letters or mount points of the imaged volumes. */
	readonly volumes: readonly string[];
	/** Version of Afterimage. */
	readonly version: string;
}

export interface Parameter {
	/** Without the braces. */
	readonly name: string;
	readonly description: (t: Translate) => string;
	readonly resolve: (context: ParameterContext, definition: BackupDefinition) => string;
}

const typeNames: Record<BackupType, string> = { full: 'full', diff: 'differential', inc: 'incremental' };

/** Every parameter that a file name or a mail may contain, as `{NAME}`. */
export const parameters: readonly Parameter[] = [
	{
		name: 'IMAGEID',
		description: (t) => t('The image id: 16 hexadecimal digits, the same for every file of a backup set.'),
		resolve: ({ imageId }) => imageId,
	},
	{
		name: 'DATE',
		description: (t) => t('The day of the backup, as 2026-12-31.'),
		resolve: ({ time, zone }) => at(time, zone, 'yyyy-MM-dd'),
	},
	{
		name: 'TIME',
		description: (t) => t('The time of day of the backup, as 09-00.'),
		resolve: ({ time, zone }) => at(time, zone, 'HH-mm'),
	},
	{ name: 'COMPUTERNAME', description: (t) => t('Name of the computer.'), resolve: ({ computerName }) => computerName },
	{
		name: 'USERNAME',
		description: (t) => t('Name of the user that runs the backup.'),
		resolve: ({ userName }) => userName,
	},
	{
		name: 'BACKUPTYPE',
		description: (t) => t('full, differential or incremental.'),
		resolve: ({ backupType }) => typeNames[backupType],
	},
	{
		name: 'COMPRESSION',
		description: (t) => t('none, medium or high.'),
		resolve: (_, { compressionLevel }) => compressionLevel,
	},
	{
		name: 'AES',
		description: (t) => t('Key length of the encryption: none, 128, 192 or 256.'),
		resolve: (_, { encryption }) => encryption.aesType.replace('aes-', ''),
	},
	{ name: 'DEFNAME', description: (t) => t('Name of the definition.'), resolve: (_, { name }) => name },
	{
		name: 'COMMENT',
		description: (t) => t('Comment of the definition.'),
		resolve: (_, { comment }) => comment.replace(/\s+/g, ' ').trim(),
	},
	{
		name: 'DISKS',
		description: (t) => t('Numbers of the imaged disks, as 0-1.'),
		resolve: ({ disks }) => disks.join('-'),
	},
	{
		name: 'VOLUMES',
		description: (t) => t('Drive letters or mount points of the imaged volumes, as C-D.'),
		resolve: ({ volumes }) => volumes.map(volumeName).join('-'),
	},
	{
		name: 'REFLECTVER',
		description: (t) => t('Version of Afterimage. The name is that of the published format.'),
		resolve: ({ version }) => version,
	},
];

export interface FoundParameter extends Span {
	readonly name: string;
	/** Undefined when there is no such parameter. */
	readonly parameter: Parameter | undefined;
}

/** Every `{…}` in a text, with its place in it. */
export function findParameters(text: string): FoundParameter[] {
	return [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => ({
		name: match[1]!,
		parameter: parameters.find(({ name }) => name === match[1]),
		start: match.index,
		end: match.index + match[0].length,
	}));
}

/** The text with its parameters replaced; what is no parameter stays as it is. */
export function resolveParameters(text: string, context: ParameterContext, definition: BackupDefinition): string {
	return text.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
		const parameter = parameters.find((one) => one.name === name);
		return parameter === undefined ? whole : parameter.resolve(context, definition);
	});
}

/**
 * Name of the files of a set, without numbers and extension: the image id, then the definition's own name; or that
 * alone. Whatever a parameter brings in, no character is left that a file system of Windows or Linux refuses, and what
 * is too long for a file name is cut.
 */
export function imageBaseName(definition: BackupDefinition, context: ParameterContext): string {
	const { filenameTemplate, prefixUnique } = definition.destination;
	const own = safeName(resolveParameters(filenameTemplate, context, definition));
	if (own === '') return context.imageId;
	return prefixUnique ? `${context.imageId}-${own}` : own;
}

/** Longest name of a definition's own, in bytes of UTF-8: file systems take 255 with image id, numbers and extension. */
const mostBytes = 180;

function safeName(name: string): string {
	let safe = '';
	for (const character of name) {
		const next = /[/\\:*?"<>|]/.test(character) || character.codePointAt(0)! < 0x20 ? '_' : character;
		if (utf8.encode(safe + next).length > mostBytes) break;
		safe += next;
	}
	return safe.replace(/^[ .]+|[ .]+$/g, '');
}

const utf8 = new TextEncoder();

function volumeName(volume: string): string {
	return /^[A-Za-z]:?[\\/]?$/.test(volume)
		? volume.charAt(0).toUpperCase()
		: volume.replace(/^\/+|\/+$/g, '') || 'root';
}

function at(time: number, zone: string, format: string): string {
	return DateTime.fromMillis(time, { zone }).toFormat(format);
}
