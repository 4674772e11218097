import { visible } from '../../base/visible.ts';
import { formatDuration } from '../../base/quantity.ts';
import type { BackupFileInfo, BackupSetInfo, BackupType } from '../../protocol/backups.ts';
import type { DiskInfo, PartitionInfo, VolumeInfo } from '../../protocol/disks.ts';
import { phaseName } from '../../protocol/job-phases.ts';
import type { JobOutcome, JobProgress } from '../../protocol/jobs.ts';
import { dateAndTime, formatBytes, formatRate, shortDate, t } from '../l10n.ts';

/** Texts of the views: pure, so that they can be tested without VS Code. */

/** A used-space bar of text characters, which every theme and screen reader shows: `▰▰▰▱▱▱▱▱▱▱ 30 %`. */
export function usedBar(used: number, total: number, width = 20): string {
	const share = total > 0 ? Math.min(1, Math.max(0, used / total)) : 0;
	const full = Math.round(share * width);
	return `${'▰'.repeat(full)}${'▱'.repeat(width - full)} ${Math.round(share * 100)} %`;
}

/** `GPT Disk 1 - SAMSUNG`; a raw file goes by its name. */
export function diskLabel(disk: DiskInfo): string {
	if (disk.kind === 'file') return visible(disk.path.replace(/^.*[/\\]/, ''));
	const table = disk.table === 'none' ? '' : `${disk.table.toUpperCase()} `;
	return `${table}${t('Disk {0}', disk.number + 1)}${disk.model === '' ? '' : ` - ${visible(disk.model)}`}`;
}

/** `256.00 GB · /dev/sda`; of a raw file its table, since its name says nothing of it. */
export function diskDescription(disk: DiskInfo): string {
	const table = disk.kind === 'file' && disk.table !== 'none' ? disk.table.toUpperCase() : '';
	return [formatBytes(disk.size), table, disk.path].filter((part) => part !== '').join(' · ');
}

export function partitionLabel(partition: PartitionInfo): string {
	const named = [partition.label, partition.name, partition.mountedAt[0] ?? ''].find((name) => name !== '');
	return `${partition.number} - ${named === undefined ? t('(None)') : visible(named)}`;
}

/** `NTFS · 107.67 GB / 232.72 GB`, or the size alone where every sector counts. */
export function partitionDescription(partition: PartitionInfo): string {
	const size = formatBytes(partition.length);
	const kind = partition.fileSystem === '' ? partition.typeName : partition.fileSystem;
	const used = partition.used === undefined ? size : `${formatBytes(partition.used)} / ${size}`;
	return [kind, used].filter((part) => part !== '').join(' · ');
}

/** `root: ext4 · 12.00 GB / 40.00 GB` */
export function volumeLine({ name, fileSystem, used, size }: VolumeInfo): string {
	const bytes = used === undefined ? formatBytes(size) : `${formatBytes(used)} / ${formatBytes(size)}`;
	return `${visible(name)}: ${fileSystem} · ${bytes}`;
}

export function typeName(type: BackupType): string {
	return { full: t('Full'), diff: t('Differential'), inc: t('Incremental') }[type];
}

/** `Incremental 04` */
export function pointName({ type, incrementNumber }: Pick<BackupFileInfo, 'type' | 'incrementNumber'>): string {
	return `${typeName(type)} ${String(incrementNumber).padStart(2, '0')}`;
}

/**
 * `3 days ago`, `just now`; the date of what is older than a week: the points of a long chain are told apart by it.
 * @param time as ISO 8601 has it
 * @param now milliseconds since 1970
 */
export function age(time: string, now: number): string {
	const minutes = Math.floor(Math.max(0, now - Date.parse(time)) / 60_000);
	if (minutes < 1) return t('just now');
	if (minutes < 60) return minutes === 1 ? t('1 minute ago') : t('{0} minutes ago', minutes);
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return hours === 1 ? t('1 hour ago') : t('{0} hours ago', hours);
	const days = Math.floor(hours / 24);
	if (days < 7) return days === 1 ? t('1 day ago') : t('{0} days ago', days);
	return shortDate(time);
}

export function outcomeWord(outcome: JobOutcome): string {
	return { success: t('succeeded'), warning: t('with warnings'), failed: t('failed'), cancelled: t('cancelled') }[
		outcome
	];
}

export function filesWord(count: number): string {
	return count === 1 ? t('1 file') : t('{0} files', count);
}

/** Whether a file cannot be restored from in full: its chain lacks something, or it was damaged when it was verified. */
export function isBroken({ damage, wasDamaged }: BackupFileInfo): boolean {
	return damage !== undefined || wasDamaged;
}

/** `cannot be restored: …`, `verified on …`, or that it never was. */
export function fileState(file: BackupFileInfo): string {
	if (file.damage !== undefined) return t('cannot be restored: {0}', file.damage);
	if (file.wasDamaged) return t('damaged when it was last verified');
	if (file.verifiedOn === undefined) return t('not verified yet');
	return t('verified on {0}', dateAndTime(file.verifiedOn));
}

function brokenWord({ damage, wasDamaged }: BackupFileInfo): string | undefined {
	if (damage !== undefined) return t('incomplete');
	return wasDamaged ? t('damaged') : undefined;
}

/** What is wrong with a set, by the worst of it; undefined when nothing is. */
export function setState(set: BackupSetInfo): string | undefined {
	if (set.files.some(({ wasDamaged }) => wasDamaged)) return t('damaged');
	return set.damage.length > 0 || set.files.some(isBroken) ? t('incomplete') : undefined;
}

/** Time of the newest backup, as ISO 8601 has it. */
export function newest(set: BackupSetInfo): string {
	return set.files.reduce((latest, file) => (file.time > latest ? file.time : latest), '');
}

/** Partitions that the line of a set names. */
const mostNames = 3;

/** `EFI, C: Windows · 2 days ago · 5 files · 60.47 MB`: sets are called by their ids, which nobody knows by heart. */
export function setDescription(set: BackupSetInfo, now: number): string {
	const { disks, files, size } = set;
	const names = disks.flatMap(({ contents }) => contents);
	const of = [...names.slice(0, mostNames), ...(names.length > mostNames ? ['…'] : [])].join(', ');
	return [of, age(newest(set), now), filesWord(files.length), formatBytes(size)]
		.filter((part) => part !== '')
		.join(' · ');
}

export function fileDescription(file: BackupFileInfo, now: number): string {
	const state = brokenWord(file) ?? (file.verifiedOn === undefined ? '' : t('verified'));
	return [age(file.time, now), formatBytes(file.size), state].filter((part) => part !== '').join(' · ');
}

/** `67 % · 523.00 MB/s · 1 min 12 s left`; what is not known is left out. */
export function progressText(progress: JobProgress | undefined): string {
	if (progress === undefined) return t('starting');
	const parts: string[] = [];
	if (progress.totalBytes > 0) parts.push(`${percent(progress)} %`);
	else parts.push(phaseName(progress.phase, t));
	if (progress.rate > 0) parts.push(formatRate(progress.rate));
	if (progress.secondsLeft !== undefined) parts.push(t('{0} left', formatDuration(progress.secondsLeft)));
	return parts.join(' · ');
}

export function percent(progress: JobProgress): number {
	return progress.totalBytes > 0 ? Math.min(100, Math.floor((progress.doneBytes / progress.totalBytes) * 100)) : 0;
}
