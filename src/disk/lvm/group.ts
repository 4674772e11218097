import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import { asDamage } from '../as-damage.ts';
import { readLabel, type MetadataArea } from './label.ts';
import { readMetadataArea } from './metadata-area.ts';
import { integer, string, subsection, subsections } from './section.ts';
import { sector } from './structures.ts';
import { parseText, type Section } from './text.ts';

/** The group that a physical volume belongs to, as seen from there. */
export interface VolumeGroup {
	readonly name: string;
	/** Counts the changes. */
	readonly seqno: number;
	/** Bytes. */
	readonly extentSize: number;
	/** Names of all physical volumes in the text. */
	readonly physicalVolumes: ReadonlySet<string>;
	/** The physical volume that the text was read from: its name, where its first extent lies (bytes) and how many there are. */
	readonly here: { readonly name: string; readonly start: number; readonly extents: number };
	/** Logical volumes by name, hidden ones among them. */
	readonly volumes: ReadonlyMap<string, Section>;
	/** Of the physical volume that the text was read from. */
	readonly metadataAreas: readonly MetadataArea[];
	/** What is wrong with another copy of the metadata: what is told here need not be all. */
	readonly damage: AfterimageError | undefined;
}

/** LVM counts extents and their sectors in 32 bits. */
const most32 = 0xffff_ffff;

/**
 * Reads the newest sound metadata of a physical volume.
 * @throws AfterimageError `structure-damaged`, `read-error`, `not-supported` with the reason where it has no metadata
 */
export async function readGroup(volume: ByteSource): Promise<VolumeGroup> {
	const { uuid, metadataAreas } = await readLabel(volume);
	let newest: VolumeGroup | undefined;
	let damage: AfterimageError | undefined;
	let unused = metadataAreas.length === 0;
	for (const { offset } of metadataAreas) {
		try {
			const found = await readMetadataArea(volume, offset);
			unused ||= found === 'ignored';
			if (typeof found === 'string') continue;
			const group = interpret(parseText(found.text), uuid, metadataAreas);
			if (newest === undefined || group.seqno > newest.seqno) newest = group;
		} catch (error) {
			damage ??= asDamage(error);
		}
	}
	if (newest !== undefined) return { ...newest, damage };
	if (damage !== undefined) throw damage;
	const reason = unused ? 'its metadata are kept on others of its group' : 'it belongs to no group';
	throw new AfterimageError('not-supported', `The physical volume of LVM has no volumes to show: ${reason}`, {
		details: { fileSystem: 'LVM2', uuid },
	});
}

function interpret(text: Section, uuid: string, metadataAreas: readonly MetadataArea[]): VolumeGroup {
	const sections = [...subsections(text)];
	const [found] = sections;
	if (found === undefined || sections.length > 1) {
		throw new AfterimageError('structure-damaged', `LVM metadata: expected one group, found ${sections.length}`);
	}
	const [name, group] = found;
	const physical = new Map(subsections(subsection(group, 'physical_volumes', name)));
	const here = [...physical].find(([, one]) => string(one, 'id', name).replaceAll('-', '') === uuid);
	if (here === undefined) {
		throw new AfterimageError(
			'structure-damaged',
			`LVM metadata, ${name}: expected physical volume ${uuid}, found none`,
			{
				details: { name, uuid },
			},
		);
	}
	const [pvName, pv] = here;
	return {
		name,
		seqno: integer(group, 'seqno', name, 0, most32),
		extentSize: integer(group, 'extent_size', name, 1, most32) * sector,
		physicalVolumes: new Set(physical.keys()),
		here: {
			name: pvName,
			start: integer(pv, 'pe_start', pvName, 0, Number.MAX_SAFE_INTEGER / sector) * sector,
			extents: integer(pv, 'pe_count', pvName, 0, most32),
		},
		volumes: volumesOf(group, name),
		metadataAreas,
		damage: undefined,
	};
}

/** A group without volumes has no section for them. */
function volumesOf(group: Section, name: string): Map<string, Section> {
	if (!group.has('logical_volumes')) return new Map();
	const volumes = new Map(subsections(subsection(group, 'logical_volumes', name)));
	for (const never of ['.', '..']) {
		if (!volumes.has(never)) continue;
		throw new AfterimageError(
			'structure-damaged',
			`LVM metadata, ${name}: expected the name of a volume, found ${never}`,
			{
				details: { name, found: never },
			},
		);
	}
	return volumes;
}
