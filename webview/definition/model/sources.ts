import type { SourceDisk, SourcePartition, SourceRawFile, Sources } from '../../../src/definition/model.ts';
import { bootPartitions } from '../../../src/protocol/boot-partitions.ts';
import type { DiskInfo, PartitionInfo } from '../../../src/protocol/disks.ts';
import { t } from '../../shared/l10n.ts';
import { diskTitle } from '../../shared/disk-title.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { formatBytes } from '../../shared/quantities.ts';

/** One partition in the table of a disk. */
export interface PartitionRow {
	/** Unique in its disk. */
	readonly key: string;
	readonly number: number;
	/** `4 - Windows (C:)`. */
	readonly title: string;
	/** Label alone, for the map. */
	readonly label: string;
	/** `NTFS Primary`. */
	readonly fileSystem: string;
	/** `NTFS`. */
	readonly kind: string;
	readonly used: number | undefined;
	readonly length: number;
	readonly selected: boolean;
	/** Selected by what the system needs to boot, not by its own mark. */
	readonly required: boolean;
	readonly flags: readonly string[];
	/** Undefined when the definition names a partition that the disk does not have. */
	readonly partition: PartitionInfo | undefined;
	/** What the definition says of it, when it names it. */
	readonly source: SourcePartition | undefined;
	/** Why something is odd about it. */
	readonly problem: string | undefined;
	/** Why every sector of it is stored, as the engine says it. */
	readonly wholeReason: string | undefined;
}

/** One disk or raw file as the page shows it. */
export interface SourceRow {
	readonly key: string;
	readonly title: string;
	/** Signature of a disk, or path of a raw file: how the definition names it. */
	readonly name:
		{ readonly kind: 'disk'; readonly signature: string } | { readonly kind: 'file'; readonly path: string };
	/** Undefined when it is not attached now. */
	readonly disk: DiskInfo | undefined;
	readonly whole: boolean;
	readonly partitions: readonly PartitionRow[];
	/** Why it cannot be selected, or is not there. */
	readonly problem: string | undefined;
}

/** Disks that are there and those that the definition names, in this order: as the system numbers them, then the missing. */
export function sourceRows(sources: Sources, disks: readonly DiskInfo[] | undefined): readonly SourceRow[] {
	const known = disks ?? [];
	// As far as their flags and mounts tell; the engine decides at each run.
	const devices = known.filter((disk) => disk.kind === 'device');
	const required = sources.bootPartitions ? bootPartitions(devices).flatMap(({ partitions }) => partitions) : [];
	const rows = known.map((disk) => rowOf(disk, entryOf(sources, disk), required));
	const hasDisk = (signature: string) =>
		known.some((disk) => disk.kind === 'device' && sameSignature(disk.id, signature));
	const missing = sources.disks.filter(({ signature }) => !hasDisk(signature)).map((one) => missingDisk(one, disks));
	const files = sources.rawFiles
		.filter(({ path }) => !known.some((disk) => disk.kind === 'file' && disk.path === path))
		.map((one) => missingFile(one, disks));
	return [...rows, ...missing, ...files];
}

/** Bytes that are imaged, as far as they are known. @param everySector used space does not count, lengths do */
export function totalSelected(rows: readonly SourceRow[], everySector: boolean): number {
	return rows
		.flatMap((row) => row.partitions)
		.filter((row) => row.selected && row.partition !== undefined)
		.reduce((sum, row) => sum + (everySector ? row.length : (row.used ?? row.length)), 0);
}

/** Marks or unmarks a partition; a disk that was taken whole then names the others one by one. */
export function selectPartition(sources: Sources, row: SourceRow, key: string, selected: boolean): Sources {
	const named = row.partitions.filter((one) => (one.key === key ? selected : one.selected && !one.required));
	if (named.length === 0) return withoutRow(sources, row);
	return withEntry(
		sources,
		row,
		named.map((one) => one.source ?? sourceOf(one)),
	);
}

/** Marks a whole disk, with whatever partitions it has when the backup runs, or takes it out. */
export function selectDisk(sources: Sources, row: SourceRow, selected: boolean): Sources {
	return selected ? withEntry(sources, row, []) : withoutRow(sources, row);
}

export function addRawFile(sources: Sources, path: string): Sources {
	if (path === '' || sources.rawFiles.some((file) => file.path === path)) return sources;
	return { ...sources, rawFiles: [...sources.rawFiles, { path, partitions: [] }] };
}

function sameSignature(a: string, b: string): boolean {
	return a !== '' && a.toLowerCase() === b.toLowerCase();
}

type Entry = SourceDisk | SourceRawFile;

function entryOf(sources: Sources, disk: DiskInfo): Entry | undefined {
	return disk.kind === 'file'
		? sources.rawFiles.find(({ path }) => path === disk.path)
		: sources.disks.find(({ signature }) => sameSignature(signature, disk.id));
}

function rowOf(disk: DiskInfo, entry: Entry | undefined, required: readonly PartitionInfo[]): SourceRow {
	const whole = entry !== undefined && entry.partitions.length === 0;
	const named = entry?.partitions ?? [];
	const rows = disk.partitions.map((partition) => {
		const source = named.find((one) => one.number === partition.number);
		const moved = source?.offset !== undefined && source.offset !== partition.start;
		return partitionRow(disk, partition, {
			source,
			marked: whole || source !== undefined,
			required: required.includes(partition),
			problem: moved
				? t('The definition means a partition at byte {0}; this one begins at {1}.', source.offset, partition.start)
				: undefined,
		});
	});
	const lost = named
		.filter((one) => !disk.partitions.some(({ number }) => number === one.number))
		.map(missingPartition);
	return {
		key: disk.path,
		title:
			disk.kind === 'file'
				? `${t('Raw disk file - {0}', disk.path)} <${formatBytes(disk.size)}>`
				: diskTitle({ ...disk, name: disk.model }),
		name: disk.kind === 'file' ? { kind: 'file', path: disk.path } : { kind: 'disk', signature: disk.id },
		disk,
		whole,
		partitions: [...rows, ...lost],
		problem:
			disk.kind === 'device' && disk.id === ''
				? disk.needsRights
					? t('Its signature could not be read, so that it cannot be selected yet.')
					: t('It has no signature by which it could be found again, so it cannot be selected.')
				: undefined,
	};
}

function partitionRow(
	disk: DiskInfo,
	partition: PartitionInfo,
	state: {
		readonly source: SourcePartition | undefined;
		readonly marked: boolean;
		readonly required: boolean;
		readonly problem: string | undefined;
	},
): PartitionRow {
	const label = partition.label !== '' ? partition.label : partition.name;
	const known = partition.fileSystem !== '' && partition.fileSystem !== 'unknown';
	const kind = known
		? partition.fileSystem
		: partition.fileSystem === '' && disk.needsRights
			? t('Not readable')
			: t('Unformatted');
	const place = disk.table === 'mbr' && partition.number > 4 ? t('Logical') : t('Primary');
	return {
		key: String(partition.start),
		number: partition.number,
		title: `${partition.number} - ${[label, `(${partition.mountedAt[0] ?? t('None')})`].filter((part) => part !== '').join(' ')}`,
		label: label !== '' ? label : (partition.mountedAt[0] ?? partition.typeName),
		fileSystem: `${kind} ${place}`,
		kind,
		used: partition.used,
		length: partition.length,
		selected: state.marked || state.required,
		required: state.required && !state.marked,
		flags: partition.flags,
		partition,
		source: state.source,
		problem: state.problem,
		wholeReason: partition.wholeReason,
	};
}

function missingPartition(source: SourcePartition): PartitionRow {
	return {
		key: `missing-${source.number}-${source.offset ?? ''}`,
		number: source.number,
		title: partitionTitle(source.number, source.label ?? ''),
		label: source.label ?? '',
		fileSystem: '',
		kind: '',
		used: undefined,
		length: 0,
		selected: true,
		required: false,
		flags: [],
		partition: undefined,
		source,
		problem: t('The disk does not have this partition now.'),
		wholeReason: undefined,
	};
}

function missingDisk(entry: SourceDisk, disks: readonly DiskInfo[] | undefined): SourceRow {
	const name = entry.number === undefined ? t('Disk') : t('Disk {0}', entry.number + 1);
	return {
		key: `missing-${entry.signature}`,
		title: `${name} [${entry.signature}]${entry.model === undefined ? '' : ` - ${entry.model}`}`,
		name: { kind: 'disk', signature: entry.signature },
		disk: undefined,
		whole: entry.partitions.length === 0,
		partitions: entry.partitions.map(missingPartition).map((row) => ({ ...row, problem: undefined })),
		problem: disks === undefined ? undefined : t('Not attached now. A run would stop and name this disk.'),
	};
}

function missingFile(entry: SourceRawFile, disks: readonly DiskInfo[] | undefined): SourceRow {
	return {
		key: `missing-${entry.path}`,
		title: t('Raw disk file - {0}', entry.path),
		name: { kind: 'file', path: entry.path },
		disk: undefined,
		whole: entry.partitions.length === 0,
		partitions: entry.partitions.map(missingPartition).map((row) => ({ ...row, problem: undefined })),
		problem: disks === undefined ? undefined : t('This file is not there now, or cannot be read.'),
	};
}

function sourceOf(row: PartitionRow): SourcePartition {
	return {
		number: row.number,
		offset: row.partition?.start,
		label: row.partition === undefined || row.partition.label === '' ? undefined : row.partition.label,
	};
}

function withEntry(sources: Sources, row: SourceRow, partitions: readonly SourcePartition[]): Sources {
	const { name, disk } = row;
	if (name.kind === 'file') {
		const { path } = name;
		const there = sources.rawFiles.some((file) => file.path === path);
		return {
			...sources,
			rawFiles: there
				? sources.rawFiles.map((file) => (file.path === path ? { ...file, partitions } : file))
				: [...sources.rawFiles, { path, partitions }],
		};
	}
	const { signature } = name;
	const fresh = { signature, number: disk?.number, model: disk?.model || undefined, partitions };
	return {
		...sources,
		disks: sources.disks.some((one) => sameSignature(one.signature, signature))
			? sources.disks.map((one) => (sameSignature(one.signature, signature) ? { ...one, partitions } : one))
			: [...sources.disks, fresh],
	};
}

function withoutRow(sources: Sources, { name }: SourceRow): Sources {
	return name.kind === 'file'
		? { ...sources, rawFiles: sources.rawFiles.filter(({ path }) => path !== name.path) }
		: { ...sources, disks: sources.disks.filter(({ signature }) => !sameSignature(signature, name.signature)) };
}
