import type { DiskInfo } from '../../../src/protocol/disks.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes, formatCount } from '../../shared/quantities.ts';
import { keepsTable, lacksPlace, overwritten, picksPartition, type Plan } from './plan.ts';
import { chosenOf, neededSize, onlyChosen, placeFor } from './target.ts';

export interface Verdict {
	readonly level: 'error' | 'warning' | 'information';
	readonly text: string;
}

/** What stands against a restore, and what to know before something is overwritten. The engine checks all of it once more. */
export function judge(plan: Plan): readonly Verdict[] {
	const { source, target, place } = plan;
	if (target.kind === 'new-file') {
		const alone = place?.into?.kind === 'volume' ? onlyChosen(source) : undefined;
		const size = formatBytes(alone?.length ?? source.disk.size);
		return [{ level: 'information', text: t('A raw file of {0} is made, as sparse as the data allow.', size) }];
	}
	const { disk } = target;
	const errors = [
		...(disk.readOnly ? [t('This disk is read-only.')] : []),
		...sizeErrors(plan, disk),
		...overwritten(plan)
			.filter(({ mountedAt }) => mountedAt.length > 0)
			.map(({ number, mountedAt }) =>
				t('Partition {0} is mounted at {1}. Unmount it first.', number, mountedAt.join(', ')),
			),
		...placeErrors(plan, disk),
	];
	return [...errors.map((text): Verdict => ({ level: 'error', text })), ...placeNotes(plan), ...sizeNotes(plan, disk)];
}

/** Whether a judgement forbids the restore. */
export function isRefused(plan: Plan): boolean {
	return judge(plan).some(({ level }) => level === 'error');
}

/** A target that gets the table of the image has to reach to the end of all that is restored, a volume has to hold it. */
function sizeErrors(plan: Plan, disk: DiskInfo): readonly string[] {
	const alone = plan.place?.into?.kind === 'volume' ? onlyChosen(plan.source) : undefined;
	if (alone === undefined && keepsTable(plan)) return [];
	const needed = alone?.length ?? neededSize(plan.source);
	if (disk.size >= needed || plan.shrinks) return [];
	const sizes = [formatBytes(disk.size), formatCount(disk.size), formatBytes(needed), formatCount(needed)] as const;
	return [
		plan.shrinking === undefined
			? t('It has {0} ({1} bytes); {2} ({3} bytes) are needed, since partitions cannot be made smaller.', ...sizes)
			: t('It has {0} ({1} bytes); {2} ({3} bytes) are needed, unless file systems are made smaller.', ...sizes),
	];
}

/** Partitions go into a table that stays only where there is room for each. */
function placeErrors(plan: Plan, disk: DiskInfo): readonly string[] {
	if (!keepsTable(plan)) return [];
	const { source, places } = plan;
	const only = onlyChosen(source);
	if (only !== undefined) {
		if (places.some(({ obstacle }) => obstacle === undefined) || plan.place !== undefined) return [];
		return [t('None of its partitions can take partition {0}, which has {1}.', only.number, formatBytes(only.length))];
	}
	return chosenOf(source)
		.filter((partition) => placeFor(partition, disk) === undefined)
		.map(({ number, length }) =>
			t(
				'It has no partition of at least {0} where partition {1} of the image was. Restore the whole disk, choose a blank target, or restore one partition at a time, into one of your choice.',
				formatBytes(length),
				number,
			),
		);
}

function placeNotes(plan: Plan): readonly Verdict[] {
	const only = onlyChosen(plan.source);
	if (only === undefined) return [];
	if (lacksPlace(plan)) {
		const text = t(
			'It has no partition of at least {0} where partition {1} of the image was. Choose the one that takes it.',
			formatBytes(only.length),
			only.number,
		);
		return [{ level: 'information', text }];
	}
	const more = (roomOf(plan) ?? 0) - only.length;
	if (more <= 0) return [];
	const larger =
		plan.place?.partition !== undefined && picksPartition(plan)
			? t('Partition {0} of the target is {1} larger than needed.', plan.place.partition.number, formatBytes(more))
			: t('The target is {0} larger than needed.', formatBytes(more));
	const advice = t('The file system keeps its size; grow it afterwards with its own tool.');
	return [{ level: 'information', text: `${larger} ${advice}` }];
}

/** Bytes of what takes the one partition; undefined where that is made for it. */
function roomOf({ target, place }: Plan): number | undefined {
	if (target.kind === 'new-file' || place === undefined || place.key === 'table') return undefined;
	return place.partition?.length ?? target.disk.size;
}

function sizeNotes({ source, growth }: Plan, target: DiskInfo): readonly Verdict[] {
	if (source.partitions !== undefined || target.size < neededSize(source)) return [];
	const difference = target.size - source.disk.size;
	if (difference > 0) {
		const larger = formatBytes(difference);
		const text =
			growth === undefined
				? t(
						'It is {0} larger than the imaged disk. Partitions keep their sizes; the rest stays free behind them.',
						larger,
					)
				: t(
						'It is {0} larger than the imaged disk. Partition {1} grows; the others keep their sizes.',
						larger,
						growth.partition.number,
					);
		return [{ level: 'information', text }];
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
