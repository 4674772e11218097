import { AfterimageError } from '../../base/errors.ts';
import type { VolumeGroup } from './group.ts';
import { integer, string, subsection } from './section.ts';
import type { Section } from './text.ts';

const most32 = 0xffff_ffff;

/**
 * Types of segments whose lists name the extents that they take: LVM's format of metadata, lib/format_text/import_vsn1.c and
 * the import functions of its segment types. Where those of another type lie cannot be told.
 */
const knownTypes = new Set([
	'striped',
	'mirror',
	'snapshot',
	'thin-pool',
	'thin',
	'cache-pool',
	'cache',
	'writecache',
	'integrity',
	'vdo-pool',
	'vdo',
	'error',
	'zero',
]);

/** Bytes of a physical volume; `end` is exclusive. */
export type Range = readonly [start: number, end: number];

/**
 * What a logical volume takes of the physical one, whatever it is; more where that is not told exactly.
 * @throws AfterimageError `structure-damaged`, also for a segment of a type whose place is not known
 */
export function extentsOf(name: string, volume: Section, { extentSize, here }: VolumeGroup): Range[] {
	const count = integer(volume, 'segment_count', name, 1, most32);
	const ranges: Range[] = [];
	for (let i = 1; i <= count; i++) {
		const what = `${name}/segment${i}`;
		const segment = subsection(volume, `segment${i}`, name);
		const type = string(segment, 'type', what);
		if (!knownTypes.has(type) && !type.startsWith('raid')) throw unknownType(what, type);
		const extents = integer(segment, 'extent_count', what, 1, most32);
		const areas = type === 'striped' ? integer(segment, 'stripe_count', what, 1, extents) : 1;
		for (const first of firstExtents(segment, here.name)) {
			if (first < 0 || first >= here.extents) throw outside(what, here.extents, first);
			const end = Math.min(here.extents, first + Math.ceil(extents / areas));
			ranges.push([here.start + first * extentSize, here.start + end * extentSize]);
		}
	}
	return ranges;
}

function unknownType(what: string, type: string): AfterimageError {
	const message = `LVM metadata, ${what}: expected a type of segment that is known, found ${type}`;
	return new AfterimageError('structure-damaged', message, { details: { what, found: type } });
}

function outside(what: string, extents: number, found: number): AfterimageError {
	const message = `LVM metadata, ${what}: expected an extent from 0 to ${extents - 1}, found ${found}`;
	return new AfterimageError('structure-damaged', message, { details: { what, found } });
}

/** Lists have pairs of a physical volume and its extent, among pairs of other volumes. */
function firstExtents(segment: Section, physical: string): number[] {
	const extents: number[] = [];
	for (const value of segment.values()) {
		if (!Array.isArray(value)) continue;
		for (const [i, item] of value.entries()) {
			const next: unknown = value[i + 1];
			if (item === physical && typeof next === 'number') extents.push(next);
		}
	}
	return extents;
}
