import { counted, formatBytes } from '../../base/quantity.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import type { BackupFileInfo, BackupSetInfo, ImageDiskInfo } from '../../protocol/backups.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { alignColumns } from '../output/table.ts';

/** 2026-11-29 23:00, of the clock on the wall. */
export function localTime(iso: string): string {
	const time = new Date(iso);
	const two = (value: number) => String(value).padStart(2, '0');
	const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
	return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** What a backup of a set is of, when its newest was made and where it lies. */
export function setLines(sets: readonly BackupSetInfo[]): readonly string[] {
	return alignColumns(
		sets.map((set) => [
			set.files.length === 0 ? '' : localTime(set.files.at(-1)!.time),
			counted(set.files.length, 'backup'),
			formatBytes(set.size),
			set.sources,
			set.folder,
			set.damage.length > 0 || set.files.some(({ damage }) => damage !== undefined) ? 'damaged' : '',
		]),
		[2],
	);
}

export function backupLines(files: readonly BackupFileInfo[]): readonly string[] {
	const types = { full: 'full', diff: 'differential', inc: 'incremental' };
	return alignColumns(
		files.map((file) => [
			localTime(file.time),
			types[file.type],
			file.name,
			file.comment,
			file.damage === undefined ? (file.wasDamaged ? 'damaged when it was last verified' : '') : 'damaged',
		]),
		[],
	);
}

export function imageDiskLines(disks: readonly ImageDiskInfo[]): readonly string[] {
	return disks.map(
		({ number, size, model, partitions }) =>
			`disk ${number}: ${formatBytes(size)}${model === '' ? '' : `, ${model}`}, ${partitionList(partitions)}`,
	);
}

/** A disk of this computer, to be recognised by. */
export function targetLines(disks: readonly DiskInfo[]): readonly string[] {
	return alignColumns(
		disks.map(({ path, size, model, serial, table, partitions }) => [
			path,
			formatBytes(size),
			[model, serial].filter((one) => one !== '').join(' '),
			table === 'none' ? wholeDisk(partitions[0]) : partitionList(partitions),
		]),
		[1],
	);
}

/** What is on a disk without a partition table. */
function wholeDisk(contents: { readonly fileSystem: string; readonly label: string } | undefined): string {
	if (contents === undefined || contents.fileSystem === 'unknown') return 'no partition table';
	return [fileSystemName(contents.fileSystem), contents.label].filter((one) => one !== '').join(' ');
}

function partitionList(
	partitions: readonly { readonly number: number; readonly fileSystem: string; readonly label: string }[],
): string {
	if (partitions.length === 0) return 'no partitions';
	const names = partitions.map(({ number, fileSystem, label }) =>
		[number, fileSystemName(fileSystem), label].filter((one) => one !== '').join(' '),
	);
	return names.join(', ');
}
