import type { Translate } from '../../base/l10n.ts';
import type { BackupDefinition, Destination, SourceDisk } from '../../definition/model.ts';
import { parameters } from '../../definition/parameters.ts';
import { normalPath } from '../../definition/rules/paths.ts';
import { removeElement } from '../../definition/xml/edits.ts';
import type { DefinitionText } from '../document.ts';
import { setAttribute } from './change.ts';
import { nearest } from '../../base/edit-distance.ts';
import {
	commandFix,
	elementOfProblem,
	firstPreferred,
	fix,
	preferred,
	remodel,
	type QuickFix,
	type RuleFixer,
} from './fix.ts';

/** Fixes of the rules about what is imaged, where to, and what the files are called. */
export const placeFixers: Readonly<Record<string, RuleFixer>> = {
	'no-source'(document, problem, { t }) {
		const sources = elementOfProblem(document, problem, 'sources');
		if (sources === undefined) return [];
		const title = t('Image the partitions required to boot the system');
		return [preferred(title, setAttribute(sources, 'boot_partitions', 'true'))];
	},

	'duplicate-source'(document, problem, { t }) {
		const element = elementOfProblem(document, problem);
		if (element === undefined) return [];
		const remove = fix(t('Remove this {0}', element.local), removeElement(document.xml, element));
		if (element.local !== 'disk') return firstPreferred(remove);
		const merge = remodel(document, t('Put its partitions together'), ({ sources, ...rest }) => ({
			...rest,
			sources: { ...sources, disks: mergeDisks(sources.disks) },
		}));
		return firstPreferred(merge, remove);
	},

	'destination-on-source': (document, _, { t }) => [
		{ ...commandFix(t('Choose another folder…'), 'choose-folder'), preferred: true },
		...nextLocation(document, t),
	],

	'definition-in-destination': (document, _, { t }) => [
		{ ...commandFix(t('Save this definition elsewhere…'), 'save-elsewhere'), preferred: true },
		commandFix(t('Choose another folder…'), 'choose-folder'),
		...nextLocation(document, t),
	],

	'definition-on-network': (_, __, { t }) => [
		{ ...commandFix(t('Save this definition elsewhere…'), 'save-elsewhere'), preferred: true },
	],

	'relative-path'(document, problem, { t }) {
		const path = document.text.slice(problem.start, problem.end).trim();
		const drive = /^([A-Za-z]:)(?![\\/])(.*)$/.exec(path);
		const full = drive === null ? `/${path.replace(/^\.?\/+/, '')}` : `${drive[1]}\\${drive[2]}`;
		const { start, end } = problem;
		const folder = ['folder', 'optical_drive'].includes(elementOfProblem(document, problem)?.local ?? '');
		return [
			preferred(t('Change to {0}', full), { start, end, text: full }),
			folder ? commandFix(t('Choose a folder…'), 'choose-folder') : commandFix(t('Choose a file…'), 'choose-file'),
		];
	},

	'duplicate-location': (document, _, { t }) =>
		firstPreferred(
			remodel(document, t('Remove the folder that is listed twice'), ({ destination, ...rest }) => ({
				...rest,
				destination: withFolders(destination, distinct(destination)),
			})),
		),

	'unknown-parameter'(document, problem, { t }) {
		const name = problem.data?.name ?? '';
		const at = document.text.indexOf(`{${name}}`, problem.start);
		if (at < 0) return [];
		const span = { start: at, end: at + name.length + 2 };
		const near = nearest(
			name,
			parameters.map((one) => one.name),
		);
		const renames = near.map((one) => fix(t('Change to {0}', `{${one}}`), { ...span, text: `{${one}}` }));
		return firstPreferred(...renames, fix(t('Remove {0}', `{${name}}`), { ...span, text: '' }));
	},

	'file-name-without-id': (document, problem, { t }) =>
		firstPreferred(
			remodel(document, t('Begin the file name with the image id'), (definition) => withPrefix(definition, true)),
			fix(t('Add {0}', '{IMAGEID}'), { start: problem.end, end: problem.end, text: '-{IMAGEID}' }),
		),

	'file-name-id-twice'(document, problem, { t }) {
		const template = document.text.slice(problem.start, problem.end);
		const shorter = template.replace(/[-_ ]?\{IMAGEID\}|^\{IMAGEID\}[-_ ]?/g, '').replace(/^[-_ ]+/, '');
		const { start, end } = problem;
		return firstPreferred(
			fix(t('Leave {0} out', '{IMAGEID}'), { start, end, text: shorter }),
			remodel(document, t('Do not begin the file name with the image id'), (definition) =>
				withPrefix(definition, false),
			),
		);
	},
};

/** The first alternative takes the place of the destination folder. */
function nextLocation(document: DefinitionText, t: Translate): QuickFix[] {
	const [next, ...others] = document.read.definition.destination.alternativeLocations.folders;
	if (next === undefined) return [];
	return [
		remodel(document, t('Use {0} instead', next), ({ destination, ...rest }) => ({
			...rest,
			destination: { ...withFolders(destination, others), folder: next },
		})),
	];
}

function withFolders(destination: Destination, folders: readonly string[]): Destination {
	return { ...destination, alternativeLocations: { folders } };
}

function distinct({ folder, alternativeLocations: { folders } }: Destination): string[] {
	const seen = new Set(folder === undefined ? [] : [normalPath(folder)]);
	return folders.filter((one) => {
		const path = normalPath(one);
		if (seen.has(path)) return false;
		seen.add(path);
		return true;
	});
}

function withPrefix({ destination, ...rest }: BackupDefinition, prefixUnique: boolean): BackupDefinition {
	return { ...rest, destination: { ...destination, prefixUnique } };
}

/** One of each disk, with the partitions of all; a disk that is imaged whole stays so. */
function mergeDisks(disks: readonly SourceDisk[]): SourceDisk[] {
	const merged = new Map<string, SourceDisk>();
	for (const disk of disks) {
		const key = disk.signature.toUpperCase();
		const first = merged.get(key);
		if (first === undefined) merged.set(key, disk);
		else if (first.partitions.length === 0 || disk.partitions.length === 0)
			merged.set(key, { ...first, partitions: [] });
		else {
			const more = disk.partitions.filter((one) => first.partitions.every(({ number }) => number !== one.number));
			merged.set(key, { ...first, partitions: [...first.partitions, ...more] });
		}
	}
	return [...merged.values()];
}
