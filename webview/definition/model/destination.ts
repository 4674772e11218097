import { formatBytes } from '../../shared/quantities.ts';
import type { BackupDefinition, Destination } from '../../../src/definition/model.ts';
import { imageFileName } from '../../../src/base/image-file-name.ts';
import { imageBaseName, type ParameterContext } from '../../../src/definition/parameters.ts';
import { isAbsolute } from '../../../src/definition/rules/paths.ts';
import type { DestinationFacts } from '../../../src/protocol/definition-form.ts';
import { t } from '../../shared/l10n.ts';
import type { FormProblem } from '../form.ts';
import type { PartitionRow, SourceRow } from './sources.ts';

/** The selected partition that a folder stands on; undefined when images may be written there. */
export function partitionUnder(facts: DestinationFacts, rows: readonly SourceRow[]): PartitionRow | undefined {
	for (const row of rows) {
		for (const place of facts.on) {
			if (place.disk !== row.disk?.path) continue;
			const hit = row.partitions.find(
				({ selected, partition }) =>
					selected &&
					partition !== undefined &&
					partition.start < place.start + place.length &&
					place.start < partition.start + partition.length,
			);
			if (hit !== undefined) return hit;
		}
	}
	return undefined;
}

/** Folders that images may be written to, the first choice first. */
export function destinationFolders({ folder, alternativeLocations }: Destination): readonly string[] {
	return [...(folder === undefined ? [] : [folder]), ...alternativeLocations.folders];
}

/** The folders of a definition that stand on partitions that it images: a refusal for each. */
export function destinationProblems(
	destination: Destination,
	destinations: ReadonlyMap<string, DestinationFacts>,
	rows: readonly SourceRow[],
): readonly FormProblem[] {
	return destinationFolders(destination).flatMap((folder) => {
		const facts = destinations.get(folder);
		const under = facts === undefined ? undefined : partitionUnder(facts, rows);
		if (under === undefined) return [];
		const message = t(
			'{0} is on “{1}”, which is selected. An image cannot be written to a partition that it contains. Choose a folder elsewhere, or do not select that partition.',
			folder,
			under.title,
		);
		return [{ code: 'destination-on-source', severity: 'error', section: 'destination', message, start: 0, end: 0 }];
	});
}

export interface DestinationVerdict {
	readonly level: 'warning' | 'information';
	readonly text: string;
	/** Creating the folder puts it right. */
	readonly missing?: boolean;
}

/**
 * What to say of a destination folder; of one that is no full path its own problem says enough.
 * @param needed bytes that a full image takes at most
 */
export function judgeDestination(facts: DestinationFacts, needed: number): readonly DestinationVerdict[] {
	if (!isAbsolute(facts.folder)) return [];
	const verdicts: DestinationVerdict[] = [];
	if (!facts.exists) {
		verdicts.push({
			level: 'warning',
			text: t('This folder is not there, and backups do not create it. Attach its disk, or create it.'),
			missing: true,
		});
	} else if (!facts.writable) {
		verdicts.push({
			level: 'warning',
			text: t('You may not write to this folder yourself; backups that run with administrator rights may.'),
		});
	}
	if (facts.free !== undefined && facts.free < needed) {
		verdicts.push({
			level: 'warning',
			text: t(
				'{0} are free here and up to {1} are needed before compression.',
				formatBytes(facts.free),
				formatBytes(needed),
			),
		});
	}
	return verdicts;
}

/** `412.00 GB free of 931.51 GB`, with the kind of place. */
export function spaceText(facts: DestinationFacts): string {
	const place = facts.network ? [t('Network share')] : [];
	if (facts.free === undefined || facts.total === undefined) return place.join('');
	return [...place, t('{0} free of {1}', formatBytes(facts.free), formatBytes(facts.total))].join(' · ');
}

/** Whether the image id alone names the files, as is recommended. */
export function usesImageId({ filenameTemplate, prefixUnique }: Destination): boolean {
	return filenameTemplate === '' && prefixUnique;
}

/** Where the first file of a set would go: `E:\Macrium Backup\{IMAGEID}-00-00.mrimgx`. */
export function samplePath(definition: BackupDefinition, context: ParameterContext): string {
	const { folder, opticalDrive } = definition.destination;
	const name = imageFileName(imageBaseName(definition, context), 0, 0);
	const place = folder ?? opticalDrive ?? '';
	if (place === '') return name;
	const separator = place.includes('\\') || /^[A-Za-z]:/.test(place) ? '\\' : '/';
	return place.endsWith(separator) ? place + name : place + separator + name;
}

/** The list with the entry at `index` moved by `step` places; the same list when it is at the end already. */
export function moved<T>(list: readonly T[], index: number, step: -1 | 1): readonly T[] {
	const to = index + step;
	if (to < 0 || to >= list.length) return list;
	const result = [...list];
	[result[index], result[to]] = [result[to]!, result[index]!];
	return result;
}
