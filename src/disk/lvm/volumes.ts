import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { VolumeGroup } from './group.ts';
import { integer, list, string, subsection, subsections } from './section.ts';
import { sector } from './structures.ts';
import type { Section } from './text.ts';
import { VolumeSource, type Segment } from './volume-source.ts';

const most32 = 0xffff_ffff;

/** Types of segments whose bytes need more than their place to be read; those of RAID begin with `raid`. */
const otherTypes: Readonly<Record<string, string>> = {
	'thin-pool': 'thin pool of LVM',
	thin: 'thin volume of LVM',
	mirror: 'mirror of LVM',
	cache: 'cached volume of LVM',
	writecache: 'cached volume of LVM',
	'cache-pool': 'cache pool of LVM',
	vdo: 'compressed volume of LVM (VDO)',
	'vdo-pool': 'pool of LVM for compressed volumes (VDO)',
};

/** Whether a logical volume is one for users, and not a part of others. @throws AfterimageError `structure-damaged` */
export function isVisible(volume: Section, name: string): boolean {
	return list(volume, 'status', name).includes('VISIBLE');
}

/** Logical volumes that the snapshots of a group change the meaning of, and what they are. */
export function snapshotParts({ volumes }: VolumeGroup): Map<string, string> {
	const parts = new Map<string, string>();
	for (const volume of volumes.values()) {
		for (const [, segment] of subsections(volume)) {
			if (segment.get('type') !== 'snapshot') continue;
			const merging = segment.get('merging_store');
			const origin = segment.get('origin');
			for (const store of [segment.get('cow_store'), merging]) {
				if (typeof store === 'string') parts.set(store, 'snapshot of LVM');
			}
			if (merging !== undefined && typeof origin === 'string') {
				parts.set(origin, 'volume of LVM that is being set back to a snapshot');
			}
		}
	}
	return parts;
}

/** Logical volumes that others read what they have not kept themselves from: also blocks that are free in them by now. */
export function sharedOrigins({ volumes }: VolumeGroup): Set<string> {
	const origins = new Set<string>();
	for (const volume of volumes.values()) {
		for (const [, segment] of subsections(volume)) {
			for (const origin of [segment.get('origin'), segment.get('external_origin')]) {
				if (typeof origin === 'string') origins.add(origin);
			}
		}
	}
	return origins;
}

/**
 * The bytes of a logical volume, or in words what it is if they cannot be had from this physical volume.
 * @throws AfterimageError `structure-damaged` for segments that leave it or are not one after the other
 */
export function openVolume(
	physical: ByteSource,
	group: VolumeGroup,
	name: string,
	volume: Section,
): VolumeSource | string {
	const count = integer(volume, 'segment_count', name, 1, most32);
	const segments: Segment[] = [];
	let extents = 0;
	let elsewhere = 0;
	for (let i = 1; i <= count; i++) {
		const what = `${name}/segment${i}`;
		const segment = subsection(volume, `segment${i}`, name);
		const type = string(segment, 'type', what);
		if (type !== 'striped') return type.startsWith('raid') ? 'RAID of LVM' : (otherTypes[type] ?? unknownType(type));
		integer(segment, 'start_extent', what, extents, extents);
		extents += integer(segment, 'extent_count', what, 1, most32);
		const stripes = stripesOf(segment, what);
		const foreign = stripes.filter((stripe) => stripe.on !== group.here.name);
		if (foreign.some(({ on }) => !group.physicalVolumes.has(on))) return 'volume of LVM made of other volumes';
		if (foreign.length === 0) segments.push(placed(segment, what, stripes, physical, group));
		else if (foreign.length === stripes.length) elsewhere++;
		else return severally;
	}
	if (elsewhere === count) return 'volume of LVM on another physical volume';
	if (elsewhere > 0) return severally;
	if (extents * group.extentSize > physical.size) {
		throw outside(name, `at most ${physical.size} bytes`, extents * group.extentSize);
	}
	return new VolumeSource(physical, segments);
}

const severally = 'volume of LVM on several physical volumes';

function unknownType(type: string): string {
	return `volume of LVM of the type ${type}`;
}

interface Stripe {
	/** Name of the physical or logical volume. */
	readonly on: string;
	/** Its extent. */
	readonly start: number;
}

/** The list has, for each stripe, the name and the extent. */
function stripesOf(segment: Section, what: string): Stripe[] {
	const flat = list(segment, 'stripes', what);
	const count = integer(segment, 'stripe_count', what, 1, flat.length / 2);
	const stripes: Stripe[] = [];
	for (let i = 0; i < count; i++) {
		const [on, start] = [flat[2 * i], flat[2 * i + 1]];
		if (typeof on !== 'string' || !Number.isSafeInteger(start)) {
			throw outside(`${what}, stripe ${i}`, 'a name and a whole number', JSON.stringify([on, start]).slice(0, 60));
		}
		stripes.push({ on, start: start as number });
	}
	return stripes;
}

function placed(
	segment: Section,
	what: string,
	stripes: readonly Stripe[],
	physical: ByteSource,
	{ extentSize, here }: VolumeGroup,
): Segment {
	const each = integer(segment, 'extent_count', what, 1, most32) / stripes.length;
	if (!Number.isInteger(each)) throw outside(what, `a multiple of ${stripes.length} extents`, each * stripes.length);
	for (const { start } of stripes) {
		const end = start + each;
		if (start < 0 || end > here.extents) throw outside(what, `extents from 0 to ${here.extents}`, `${start} to ${end}`);
		const endByte = here.start + end * extentSize;
		if (endByte > physical.size) throw outside(what, `to end by byte ${physical.size}`, endByte);
	}
	const areas = stripes.map(({ start }) => here.start + start * extentSize);
	const length = each * stripes.length * extentSize;
	if (stripes.length === 1) return { length, stripeSize: length, areas };
	const stripeSize = integer(segment, 'stripe_size', what, 1, extentSize / sector) * sector;
	if (extentSize % stripeSize !== 0) throw outside(what, `stripes that divide ${extentSize} bytes`, stripeSize);
	return { length, stripeSize, areas };
}

function outside(what: string, expected: string, found: string | number): AfterimageError {
	return new AfterimageError('structure-damaged', `LVM metadata, ${what}: expected ${expected}, found ${found}`, {
		details: { what, expected, found },
	});
}
