import { basename } from 'node:path';
import type { CompareInfo } from '../../protocol/backups.ts';
import { formatBytes, formatCount, t } from '../l10n.ts';
import { plain, table } from './markdown.ts';

/** What changed between a restore point and the one before it, as Markdown. */
export function compareText(info: CompareInfo): string {
	const sum = (of: (partition: CompareInfo['partitions'][number]) => number) =>
		info.partitions.reduce((total, partition) => total + of(partition), 0);
	const changed = sum((partition) => partition.changedBlocks + partition.newBlocks + partition.freedBlocks);
	const rows = info.partitions.map((partition) => [
		String(partition.disk + 1),
		String(partition.partition),
		partition.label,
		formatCount(partition.changedBlocks),
		formatCount(partition.newBlocks),
		formatCount(partition.freedBlocks),
		formatBytes(partition.changedBytes),
		formatBytes(partition.storedBytes),
	]);
	const head = [
		t('Disk'),
		t('Partition'),
		t('Label'),
		t('Changed blocks'),
		t('New blocks'),
		t('Freed blocks'),
		t('Changed'),
		t('Stored'),
	];
	return `# ${plain(basename(info.file))}

${plain(t('Compared with {0}, the restore point before it.', basename(info.previous)))}

${
	changed === 0
		? plain(t('Nothing changed between the two.'))
		: plain(
				t(
					'{0} differ; {1} were stored for it.',
					formatBytes(sum((partition) => partition.changedBytes)),
					formatBytes(sum((partition) => partition.storedBytes)),
				),
			)
}

${table(head, rows, [0, 1, 3, 4, 5, 6, 7])}
`;
}
