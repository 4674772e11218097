import { AfterimageError } from '../../../src/base/errors.ts';

/** A run of extents of a logical volume. */
export interface Segment {
	/** `linear`, `striped`, `raid1`, `thin`, … */
	readonly type: string;
	/** Bytes of the volume. */
	readonly start: number;
	readonly length: number;
	/** Where a linear segment lies: the physical volume and its first extent there; undefined for every other kind. */
	readonly on: { readonly device: string; readonly extent: number } | undefined;
}

/** Sizes in bytes. */
export interface LogicalVolume {
	readonly group: string;
	readonly name: string;
	/** `253:0`; undefined when it is not active. */
	readonly number: string | undefined;
	readonly size: number;
	/** Its group: bytes of an extent, and extents that no volume has. */
	readonly extentSize: number;
	readonly freeExtents: number;
	/** As LVM words it: `linear`, `thin,sparse`. */
	readonly layout: string;
	/** As LVM words it: `public`, `public,snapshot,thicksnapshot`. */
	readonly role: string;
	readonly tags: readonly string[];
	/** For a snapshot: it was written over its room and holds nothing any more. */
	readonly invalid: boolean;
	readonly segments: readonly Segment[];
}

export interface PhysicalVolume {
	/** `/dev/sda2`. */
	readonly device: string;
	/** Byte at which extent 0 begins. */
	readonly extentsStart: number;
	/** Copies of the list of volumes that it holds. */
	readonly metadataAreas: number;
}

/** Arguments of `lvs` for {@link parseVolumes}. */
export const volumeReport = reportOf(
	'--segments',
	'vg_name,vg_extent_size,vg_free_count,lv_name,lv_kernel_major,lv_kernel_minor,lv_size,lv_layout,lv_role,lv_tags,' +
		'lv_snapshot_invalid,segtype,seg_start,seg_size,seg_pe_ranges',
);

/** Arguments of `pvs` for {@link parsePhysicalVolumes}. */
export const physicalReport = reportOf('pv_name,pe_start,pv_mda_count');

function reportOf(...columns: string[]): string[] {
	const options = columns.slice(0, -1);
	return [...options, '--reportformat', 'json', '--units', 'b', '--nosuffix', '--options', columns.at(-1)!];
}

/** @param volume its layout as LVM words it */
export function isThin({ layout }: Pick<LogicalVolume, 'layout'>): boolean {
	return layout.split(',').includes('thin');
}

type Row = Readonly<Record<string, string>>;

/**
 * The logical volumes that `lvs` lists, a row a segment.
 * @throws AfterimageError `failed` when the report is not what it is known to be
 */
export function parseVolumes(json: string): LogicalVolume[] {
	const volumes = new Map<string, LogicalVolume & { readonly segments: Segment[] }>();
	for (const row of rowsOf(json, 'seg')) {
		const [group, name] = [textOf(row, 'vg_name'), textOf(row, 'lv_name')];
		const key = `${group}/${name}`;
		const [major, minor] = [textOf(row, 'lv_kernel_major'), textOf(row, 'lv_kernel_minor')];
		const volume = volumes.get(key) ?? {
			group,
			name,
			number: /^\d+$/.test(major) && /^\d+$/.test(minor) ? `${major}:${minor}` : undefined,
			size: numberOf(row, 'lv_size'),
			extentSize: numberOf(row, 'vg_extent_size'),
			freeExtents: numberOf(row, 'vg_free_count'),
			layout: textOf(row, 'lv_layout'),
			role: textOf(row, 'lv_role'),
			tags: textOf(row, 'lv_tags').split(','),
			invalid: isInvalid(row),
			segments: [],
		};
		volumes.set(key, volume);
		volume.segments.push(segmentOf(row));
	}
	return [...volumes.values()];
}

/** @throws AfterimageError as {@link parseVolumes} */
export function parsePhysicalVolumes(json: string): PhysicalVolume[] {
	return rowsOf(json, 'pv').map((row) => ({
		device: textOf(row, 'pv_name'),
		extentsStart: numberOf(row, 'pe_start'),
		metadataAreas: numberOf(row, 'pv_mda_count'),
	}));
}

/** A thin snapshot cannot be: LVM does not know such a state of it. */
function isInvalid(row: Row): boolean {
	const state = textOf(row, 'lv_snapshot_invalid');
	return state !== '' && !(state === 'unknown' && isThin({ layout: textOf(row, 'lv_layout') }));
}

function segmentOf(row: Row): Segment {
	const type = textOf(row, 'segtype');
	const place = /^(\S+):(\d+)-\d+$/.exec(textOf(row, 'seg_pe_ranges'));
	return {
		type,
		start: numberOf(row, 'seg_start'),
		length: numberOf(row, 'seg_size'),
		on: type === 'linear' && place !== null ? { device: place[1]!, extent: Number(place[2]) } : undefined,
	};
}

function rowsOf(json: string, kind: 'seg' | 'pv'): Row[] {
	let report: unknown;
	try {
		report = JSON.parse(json);
	} catch (error) {
		throw strange(`no JSON (${(error as Error).message})`);
	}
	const parts = (report as { report?: unknown } | null)?.report;
	if (!Array.isArray(parts)) throw strange('no report');
	return (parts as Record<string, unknown>[]).flatMap((part) => {
		const rows = part[kind];
		if (!Array.isArray(rows)) throw strange(`a report without ${kind}`);
		return rows as Row[];
	});
}

function textOf(row: Row, column: string): string {
	const value: unknown = row[column];
	if (typeof value === 'string') return value;
	throw strange(`${column} = ${JSON.stringify(value)}`);
}

function numberOf(row: Row, column: string): number {
	const value = Number(textOf(row, column));
	if (Number.isSafeInteger(value) && value >= 0) return value;
	throw strange(`${column} = ${JSON.stringify(row[column])}`);
}

function strange(found: string): AfterimageError {
	return new AfterimageError('failed', `The report of LVM: expected its volumes, found ${found}`, {
		advice: 'Look at what lvs and pvs say. Without snapshots, unmount the volumes or mount them read-only.',
	});
}
