import { formatBytes } from '../../base/quantity.ts';
import type { ImageDiskInfo, ImageInfo } from '../../protocol/backups.ts';
import { t } from '../l10n.ts';
import { fileState, typeName } from '../views/present.ts';
import { plain, table } from './markdown.ts';

/** What one restore point holds, as Markdown, with the image's own metadata at the end. */
export function propertiesText(info: ImageInfo): string {
	const { file } = info;
	const facts: [string, string][] = [
		[t('Type'), typeName(file.type)],
		[t('Made'), new Date(file.time).toLocaleString()],
		[t('Size'), formatBytes(file.size)],
		[t('Backup set'), info.imageId],
		[t('File number'), String(file.fileNumber)],
		[t('Computer'), info.computer],
		[t('Compression'), info.compression],
		[t('Encryption'), info.encryption],
		[t('State'), fileState(file)],
	];
	if (file.parent !== undefined) facts.push([t('Stands on'), file.parent]);
	if (file.merged.length > 0) facts.push([t('Merged files'), file.merged.join(', ')]);
	if (file.comment !== '') facts.push([t('Comment'), file.comment]);
	return `# ${plain(file.name)}

${table([t('Property'), t('Value')], facts)}

${info.disks.map(diskText).join('\n\n')}

## ${plain(t('Metadata in the file'))}

\`\`\`json
${JSON.stringify(info.json, undefined, 2)}
\`\`\`
`;
}

function diskText(disk: ImageDiskInfo): string {
	const title = t('Disk {0}', disk.number + 1);
	const about = [disk.model, disk.table.toUpperCase(), disk.id, formatBytes(disk.size)].filter((part) => part !== '');
	const rows = disk.partitions.map((partition) => [
		String(partition.number),
		partition.label,
		partition.fileSystem,
		formatBytes(partition.length),
		formatBytes(partition.used),
		partition.blocks.toLocaleString(),
		partition.storedBlocks.toLocaleString(),
	]);
	const head = [
		t('Partition'),
		t('Label'),
		t('File system'),
		t('Size'),
		t('Used'),
		t('Blocks'),
		t('Blocks in this file'),
	];
	return `## ${plain(title)}\n\n${plain(about.join(' · '))}\n\n${table(head, rows, [0, 3, 4, 5, 6])}`;
}
