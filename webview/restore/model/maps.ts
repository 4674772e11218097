import type { ImagePartitionInfo } from '../../../src/protocol/backups.ts';
import type { PartitionInfo } from '../../../src/protocol/disks.ts';
import { diskSegments, type MapSegment } from '../../shared/disk-map/segments.ts';
import { fileSystemName } from '../../shared/image-words.ts';
import { t } from '../../shared/l10n.ts';
import { keepsTable, overwritten, type Plan } from './plan.ts';
import { chosenOf } from './target.ts';

/** Bytes of the target. */
interface Range {
	readonly start: number;
	readonly length: number;
}

/** What the target holds now, with what is lost marked. The key of a segment is that of its {@link Place}. */
export function segmentsBefore(plan: Plan): readonly MapSegment[] {
	const { target } = plan;
	if (target.kind === 'new-file') return [];
	const lost = new Set(overwritten(plan));
	return diskSegments(target.disk, (partition) => ({
		...existing(partition),
		tone: lost.has(partition) ? 'danger' : undefined,
	}));
}

/** What the target will hold, with what comes from the image marked. */
export function segmentsAfter(plan: Plan): readonly MapSegment[] {
	const { source, target } = plan;
	const restored = chosenOf(source).map((partition) => {
		const range = rangeOf(partition, plan);
		return { ...range, segment: imaged(partition, range, numberOf(partition, plan)) };
	});
	const lost = new Set(overwritten(plan));
	const kept =
		keepsTable(plan) && target.kind === 'disk'
			? target.disk.partitions.filter((partition) => !lost.has(partition))
			: [];
	const all = [...kept.map((one) => ({ start: one.start, length: one.length, segment: existing(one) })), ...restored];
	const partitions = all.map(({ start, length }) => ({ start, length }) as PartitionInfo);
	return diskSegments(
		{ size: sizeOf(plan), partitions },
		({ start }) => all.find((one) => one.start === start)!.segment,
	);
}

function sizeOf(plan: Plan): number {
	const { source, target, place } = plan;
	if (target.kind === 'disk') return target.disk.size;
	return place?.into === undefined ? source.disk.size : rangeOf(chosenOf(source)[0]!, plan).length;
}

/** Where a partition of the image will be. */
function rangeOf(partition: ImagePartitionInfo, plan: Plan): Range {
	const { target, place, growth } = plan;
	const { start, length } = partition;
	if (plan.shrinks) return smallerRange(partition, plan);
	if (place?.into?.kind === 'volume') return { start: 0, length: target.kind === 'disk' ? target.disk.size : length };
	if (place?.partition !== undefined && place.key !== 'table') return place.partition;
	return { start, length: growth?.partition === partition ? growth.length : length };
}

/** About where a partition will be when others become smaller: what lies behind them moves down. */
function smallerRange({ number, start, length }: ImagePartitionInfo, { source, shrinking }: Plan): Range {
	const lost = chosenOf(source)
		.filter((one) => one.start < start)
		.reduce((sum, one) => sum + one.length - (shrinking!.lengths.get(one.number) ?? one.length), 0);
	return { start: start - lost, length: shrinking!.lengths.get(number) ?? length };
}

/** The number that it will have. */
function numberOf({ number }: ImagePartitionInfo, { place }: Plan): number {
	return place?.into?.kind === 'partition' ? place.into.number : number;
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

function imaged(partition: ImagePartitionInfo, { start, length }: Range, number: number): MapSegment {
	return {
		key: String(start),
		kind: 'partition',
		title: partition.label === '' ? t('Partition {0}', number) : partition.label,
		short: String(number),
		detail: fileSystemName(partition.fileSystem),
		length,
		used: partition.used,
		selected: true,
	};
}
