import type { Wording } from '../../base/l10n.ts';
import type { BackupDefinition, Destination } from '../model.ts';
import { findParameters, parameters } from '../parameters.ts';
import type { PartName } from '../read.ts';
import { isInside, isUnc, normalPath } from './paths.ts';
import type { Place, Rule } from './rule.ts';

interface Folder {
	readonly path: string;
	readonly part: object;
	readonly name: PartName;
}

function folders(destination: Destination): Folder[] {
	const { folder, alternativeLocations } = destination;
	const first = folder === undefined ? [] : [{ path: folder, part: destination, name: 'folder' }];
	const others = alternativeLocations.folders.map((path, index): Folder => ({
		path,
		part: alternativeLocations,
		name: ['folder', index],
	}));
	return [...first, ...others];
}

function isImaged({ sources }: BackupDefinition, place: Place, boot: readonly Place[]): boolean {
	const same = (other: Place): boolean =>
		other.diskSignature.toUpperCase() === place.diskSignature.toUpperCase() &&
		other.partitionNumber === place.partitionNumber;
	if (sources.bootPartitions && boot.some(same)) return true;
	return sources.disks.some(
		(disk) =>
			disk.signature.toUpperCase() === place.diskSignature.toUpperCase() &&
			(disk.partitions.length === 0 || disk.partitions.some(({ number }) => number === place.partitionNumber)),
	);
}

export const destinationOnSource: Rule = ({ definition, facts, report }) => {
	if (facts.placeOf === undefined) return;
	for (const { path, part, name } of folders(definition.destination)) {
		const place = facts.placeOf(path);
		if (place === undefined || !isImaged(definition, place, facts.bootPartitions ?? [])) continue;
		report('destination-on-source', part, name, (t) =>
			t('{0} lies on a partition that is imaged; choose a folder on another one, or leave that partition out.', path),
		);
	}
};

export const definitionInDestination: Rule = ({ definition, facts, report }) => {
	const home = facts.definitionPath;
	if (home === undefined) return;
	for (const { path, part, name } of folders(definition.destination)) {
		if (path === '' || !isInside(home, path)) continue;
		report('definition-in-destination', part, name, (t) =>
			t(
				'This definition lies in its own destination folder; keep it in a folder of its own that only administrators can write.',
			),
		);
	}
};

export const definitionOnNetwork: Rule = ({ definition, facts, report }) => {
	const home = facts.definitionPath;
	if (home === undefined || !(isUnc(home) || facts.onNetwork?.(home) === true)) return;
	report('definition-on-network', definition, undefined, (t) =>
		t('This definition lies on a network share, where a scheduled run may not reach it; save it to a local folder.'),
	);
};

export const duplicateLocation: Rule = ({ definition: { destination }, report }) => {
	const seen = new Set(destination.folder === undefined ? [] : [normalPath(destination.folder)]);
	for (const [index, folder] of destination.alternativeLocations.folders.entries()) {
		const path = normalPath(folder);
		if (seen.has(path)) {
			report('duplicate-location', destination.alternativeLocations, ['folder', index], (t) =>
				t('{0} is listed already; an alternative must be another place.', folder),
			);
		}
		seen.add(path);
	}
};

export const fileName: Rule = ({ definition: { destination }, report }) => {
	const { filenameTemplate, prefixUnique } = destination;
	const found = findParameters(filenameTemplate);
	for (const { name, parameter } of found) {
		if (parameter !== undefined) continue;
		report('unknown-parameter', destination, 'filename_template', unknown(name), {
			name,
			expected: parameters.map((one) => one.name),
		});
	}
	const hasId = found.some(({ name }) => name === 'IMAGEID');
	if (prefixUnique && hasId) {
		report('file-name-id-twice', destination, 'filename_template', (t) =>
			t('The file name begins with the image id already; leave {IMAGEID} out or set prefix_unique to false.'),
		);
	}
	if (!prefixUnique && !hasId && filenameTemplate !== '') {
		report('file-name-without-id', destination, 'filename_template', (t) =>
			t('Files of different backup sets can get the same name; add {IMAGEID} or set prefix_unique to true.'),
		);
	}
};

export function unknown(name: string): Wording {
	const known = parameters.map((one) => `{${one.name}}`).join(', ');
	return (t) => t('{0} is no parameter; there are {1}.', `{${name}}`, known);
}

const smallestSplit = 16 * 1024 ** 2;

export const fileSizeLimit: Rule = ({ definition, report }) => {
	const { fileSizeLimit: limit } = definition;
	if (limit === undefined || limit >= smallestSplit) return;
	report('file-size-limit', definition, 'file_size_limit', (t) =>
		t('Files of less than 16 MB are not made; choose a larger size, such as 4 GB.'),
	);
};
