import { visible } from '../../base/visible.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import type { BackedUpFile, BackedUpPartition } from '../../protocol/files.ts';
import { dateAndTime, formatBytes, formatCount, t } from '../l10n.ts';

/** Texts of the view Files in Backup: pure, so that they can be tested without VS Code. */

/** `2 - SYSTEM`. @param severalDisks whether the disk has to be named too */
export function backedUpPartitionLabel(partition: BackedUpPartition, severalDisks: boolean): string {
	const disk = severalDisks ? `${t('Disk {0}', partition.disk + 1)}, ` : '';
	return `${disk}${partition.partition} - ${partition.label === '' ? t('(None)') : visible(partition.label)}`;
}

/** `NTFS · 232.72 GB` */
export function backedUpPartitionDescription({ fileSystem, size }: BackedUpPartition): string {
	return [fileSystemName(fileSystem), formatBytes(size)].filter((part) => part !== '').join(' · ');
}

/** Why a partition has no files to show, and what can be done; undefined when it has some. */
export function objectionText({ objection }: BackedUpPartition): string | undefined {
	if (objection === undefined) return undefined;
	return [objection.message, objection.advice].filter((part) => part !== undefined).join(' — ');
}

/** Beside a name: size and date of a file, where a link points, why there is nothing to read. */
export function fileDetails(file: BackedUpFile): string {
	switch (file.kind) {
		case 'file':
			return [formatBytes(file.size), ...(file.modified === undefined ? [] : [dateAndTime(file.modified)])].join(' · ');
		case 'folder':
			return '';
		case 'link':
			return file.note === undefined ? t('link') : `→ ${visible(file.note)}`;
		case 'special':
			return file.note ?? '';
		case 'damaged':
			return t('damaged');
	}
}

/** @param path from the root of its partition, without a slash at the start */
export function fileTooltip(path: string, file: BackedUpFile): string {
	const lines = [`/${visible(path)}`];
	if (file.kind === 'file') {
		lines.push(t('{0} ({1} bytes)', formatBytes(file.size), formatCount(file.size)));
	}
	if (file.kind === 'link' && file.note !== undefined) lines.push(t('Points to {0}', visible(file.note)));
	if (file.kind === 'special' && file.note !== undefined) lines.push(file.note);
	if (file.kind === 'damaged') lines.push(t('damaged: {0}', file.note ?? ''));
	if (file.modified !== undefined) lines.push(t('Modified {0}', dateAndTime(file.modified)));
	if (file.mode !== undefined) lines.push(modeText(file.mode));
	return lines.join('\n');
}

/** `rwxr-sr-t (3755)`. @param mode Unix permission bits, 0 to 0o7777 */
export function modeText(mode: number): string {
	const special = [
		[0o4000, 's'],
		[0o2000, 's'],
		[0o1000, 't'],
	] as const;
	const parts = special.map(([bit, letter], index) => {
		const three = mode >> (6 - 3 * index);
		const runs = (three & 1) !== 0;
		const last = (mode & bit) === 0 ? (runs ? 'x' : '-') : runs ? letter : letter.toUpperCase();
		return `${(three & 4) !== 0 ? 'r' : '-'}${(three & 2) !== 0 ? 'w' : '-'}${last}`;
	});
	return `${parts.join('')} (${mode.toString(8).padStart(3, '0')})`;
}
