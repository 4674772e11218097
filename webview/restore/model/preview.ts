import type { RestorePreview, TablePreview } from '../../../src/protocol/restore.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes, formatCount } from '../../shared/quantities.ts';

/** What a restore would write, as names and values. @param delta only what differs is written */
export function previewFacts(preview: RestorePreview, delta: boolean): readonly (readonly [string, string])[] {
	const { target, size, created, table, partitions, bytes, blocks } = preview;
	const data = [formatBytes(bytes), formatCount(blocks)] as const;
	return [
		[t('Target'), created ? t('{0}, a new file of {1}', target, formatBytes(size)) : `${target}, ${formatBytes(size)}`],
		[t('Partition table'), table === undefined ? ownTable(partitions) : tableWords(table)],
		...(table === undefined ? [] : [[t('Boot sectors and tables'), formatBytes(writtenBytes(table))] as const]),
		...partitions
			.filter(({ from, start }) => start !== from)
			.map(({ number, from, start }) => {
				const words = t(
					'partition {0} at {1}; on the imaged disk it is at {2}',
					number,
					formatBytes(start),
					formatBytes(from),
				);
				return [t('Place'), words] as const;
			}),
		...partitions
			.filter(({ imaged, room }) => room !== imaged)
			.map(({ number, imaged, room }) => {
				const words = t(
					'partition {0} with {1}; on the imaged disk it has {2}',
					number,
					formatBytes(room),
					formatBytes(imaged),
				);
				return [t('Size'), words] as const;
			}),
		[t('Data'), delta ? t('at most {0} in {1} blocks', ...data) : t('{0} in {1} blocks', ...data)],
	];
}

/** The table of a target that gets none: what begins with a partition has none at all. */
function ownTable(partitions: RestorePreview['partitions']): string {
	return partitions.some(({ start }) => start === 0) ? t('none') : t('stays as it is');
}

function writtenBytes({ writes }: TablePreview): number {
	return writes.reduce((sum, { length }) => sum + length, 0);
}

function tableWords({ kind, diskId, partitions }: TablePreview): string {
	if (kind === 'none') return t('none');
	const numbers = partitions.map(({ number }) => number);
	return [
		kind.toUpperCase(),
		numbers.length === 0 ? t('without a partition') : t('with partitions {0}', numbers.join(', ')),
		diskId === undefined ? t('with an id of its own') : diskId,
	].join(' · ');
}
