import { formatBytes, formatCount } from '../../shared/quantities.ts';
import type { ImageDiskInfo, ImagePartitionInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo, PartitionInfo } from '../../../src/protocol/disks.ts';
import { diskSegments, type MapSegment } from '../../shared/disk-map/segments.ts';
import { t } from '../../shared/l10n.ts';
import { fileSystemName } from '../../shared/image-words.ts';

/** Where an image is restored to: a disk or file that is there, or a raw file that will be made. */
export type Target =
	{ readonly kind: 'disk'; readonly disk: DiskInfo } | { readonly kind: 'new-file'; readonly path: string };

export interface Source {
	readonly disk: ImageDiskInfo;
	/** Numbers of the chosen partitions; undefined is the whole disk. */
	readonly partitions: readonly number[] | undefined;
}

export interface Verdict {
	readonly level: 'error' | 'warning' | 'information';
	readonly text: string;
}

export function pathOf(target: Target): string {
	return target.kind === 'disk' ? target.disk.path : target.path;
}

/** Bytes that a target must have: up to the end of the last partition that is restored, and what the table takes behind it. */
export function neededSize(source: Source): number {
	const ends = chosenOf(source).map(({ start, length }) => start + length);
	return Math.max(0, ...ends) + source.disk.backupTableSize;
}

function chosenOf({ disk, partitions }: Source): readonly ImagePartitionInfo[] {
	return disk.partitions.filter(({ number }) => partitions?.includes(number) ?? true);
}

/** The partition of the target that stands where a partition of the image did, if it can take it. */
function placeFor(partition: ImagePartitionInfo, target: DiskInfo): PartitionInfo | undefined {
	return target.partitions.find(({ start, length }) => start === partition.start && length >= partition.length);
}

function isBlank(target: DiskInfo): boolean {
	return target.table === 'none' && target.partitions.length === 0;
}

/** What stands against a target, and what to know before it is overwritten. The engine checks all of it once more. */
export function judgeTarget(source: Source, target: Target): readonly Verdict[] {
	if (target.kind === 'new-file') {
		return [
			{
				level: 'information',
				text: t('A raw file of {0} is made, as sparse as the data allow.', formatBytes(source.disk.size)),
			},
		];
	}
	const { disk } = target;
	const verdicts: Verdict[] = [];
	const error = (text: string) => verdicts.push({ level: 'error', text });
	const needed = neededSize(source);
	if (disk.readOnly) error(t('This disk is read-only.'));
	if (disk.size < needed && (source.partitions === undefined || isBlank(disk))) {
		error(
			t(
				'It has {0} ({1} bytes); {2} ({3} bytes) are needed, since partitions cannot be made smaller.',
				formatBytes(disk.size),
				formatCount(disk.size),
				formatBytes(needed),
				formatCount(needed),
			),
		);
	}
	for (const partition of overwritten(source, target)) {
		if (partition.mountedAt.length > 0) {
			error(t('Partition {0} is mounted at {1}. Unmount it first.', partition.number, partition.mountedAt.join(', ')));
		}
	}
	if (source.partitions !== undefined && !isBlank(disk)) {
		for (const partition of chosenOf(source)) {
			if (placeFor(partition, disk) !== undefined) continue;
			error(
				t(
					'It has no partition of at least {0} where partition {1} of the image was. Restore the whole disk, or choose a blank target.',
					formatBytes(partition.length),
					partition.number,
				),
			);
		}
	}
	verdicts.push(...sizeNotes(source, disk));
	return verdicts;
}

/** Whether a judgement forbids the restore. */
export function isRefused(source: Source, target: Target): boolean {
	return judgeTarget(source, target).some(({ level }) => level === 'error');
}

function sizeNotes(source: Source, target: DiskInfo): readonly Verdict[] {
	if (source.partitions !== undefined || target.size < neededSize(source)) return [];
	const difference = target.size - source.disk.size;
	if (difference > 0) {
		return [
			{
				level: 'information',
				text: t(
					'It is {0} larger than the imaged disk. Partitions keep their sizes; the rest stays free behind them.',
					formatBytes(difference),
				),
			},
		];
	}
	if (difference < 0) {
		return [
			{
				level: 'warning',
				text: t(
					'It is {0} smaller than the imaged disk, but every partition of the image fits.',
					formatBytes(-difference),
				),
			},
		];
	}
	return [];
}

/** Partitions of the target that lose what they hold. */
export function overwritten(source: Source, target: Target): readonly PartitionInfo[] {
	if (target.kind === 'new-file') return [];
	const { disk } = target;
	if (source.partitions === undefined) return disk.partitions;
	return chosenOf(source).flatMap((partition) => placeFor(partition, disk) ?? []);
}

export function segmentsBefore(source: Source, target: Target): readonly MapSegment[] {
	if (target.kind === 'new-file') return [];
	const lost = new Set(overwritten(source, target));
	return diskSegments(target.disk, (partition) => ({
		...existing(partition),
		tone: lost.has(partition) ? 'danger' : undefined,
	}));
}

export function segmentsAfter(source: Source, target: Target): readonly MapSegment[] {
	const restored = chosenOf(source);
	const size = target.kind === 'new-file' ? source.disk.size : target.disk.size;
	const kept =
		source.partitions === undefined || target.kind === 'new-file'
			? []
			: target.disk.partitions.filter((one) => !restored.some(({ start }) => start === one.start));
	const all = [
		...kept.map((partition) => ({ start: partition.start, length: partition.length, segment: existing(partition) })),
		...restored.map((partition) => ({ start: partition.start, length: partition.length, segment: imaged(partition) })),
	];
	const partitions = all.map(({ start, length }) => ({ start, length }) as PartitionInfo);
	return diskSegments({ size, partitions }, ({ start }) => all.find((one) => one.start === start)!.segment);
}

function existing(partition: PartitionInfo): MapSegment {
	const { number, label, name, fileSystem, typeName, length, start } = partition;
	return {
		key: String(start),
		kind: 'partition',
		title: [label, name, partition.mountedAt[0] ?? '', typeName].find((text) => text !== '') ?? '',
		short: String(number),
		detail: fileSystem === '' ? typeName : fileSystem,
		length,
		used: partition.used ?? length,
		selected: false,
	};
}

function imaged(partition: ImagePartitionInfo): MapSegment {
	return {
		key: String(partition.start),
		kind: 'partition',
		title: partition.label === '' ? t('Partition {0}', partition.number) : partition.label,
		short: String(partition.number),
		detail: fileSystemName(partition.fileSystem),
		length: partition.length,
		used: partition.used,
		selected: true,
	};
}
