import { formatBytes, formatDuration, formatRate } from '../../base/quantity.ts';
import type { BackupFileInfo, BackupType } from '../../protocol/backups.ts';
import type { DiskInfo, PartitionInfo } from '../../protocol/disks.ts';
import type { JobProgress } from '../../protocol/jobs.ts';

/** Texts of the views: pure, so that they can be tested without VS Code. */

/** A used-space bar of text characters, which every theme and screen reader shows: `▰▰▰▱▱▱▱▱▱▱ 30 %`. */
export function usedBar(used: number, total: number, width = 20): string {
	const share = total > 0 ? Math.min(1, Math.max(0, used / total)) : 0;
	const full = Math.round(share * width);
	return `${'▰'.repeat(full)}${'▱'.repeat(width - full)} ${Math.round(share * 100)} %`;
}

export function diskLabel(disk: DiskInfo): string {
	const table = disk.table === 'none' ? '' : `${disk.table.toUpperCase()} `;
	return `${table}Disk ${disk.number + 1}${disk.model === '' ? '' : ` - ${disk.model}`}`;
}

export function partitionLabel(partition: PartitionInfo): string {
	const name = partition.label !== '' ? partition.label : partition.name !== '' ? partition.name : '(None)';
	return `${partition.number} - ${name}`;
}

/** `NTFS · 107.67 GB / 232.72 GB`, or the size alone where every sector counts. */
export function partitionDescription(partition: PartitionInfo): string {
	const size = formatBytes(partition.length);
	const kind = partition.fileSystem === '' ? partition.typeName : partition.fileSystem;
	return partition.used === undefined ? `${kind} · ${size}` : `${kind} · ${formatBytes(partition.used)} / ${size}`;
}

export function typeName(type: BackupType): string {
	return { full: 'Full', diff: 'Differential', inc: 'Incremental' }[type];
}

/** `3 days ago`, `just now`. @param now milliseconds since 1970 */
export function age(time: string, now: number): string {
	const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
	const steps: [number, string][] = [
		[60, 'second'],
		[60, 'minute'],
		[24, 'hour'],
		[7, 'day'],
		[52, 'week'],
	];
	let value = seconds;
	for (const [limit, unit] of steps) {
		if (value < limit) {
			const whole = Math.floor(value);
			return unit === 'second' ? 'just now' : `${whole} ${unit}${whole === 1 ? '' : 's'} ago`;
		}
		value /= limit;
	}
	const years = Math.floor(value);
	return `${years} year${years === 1 ? '' : 's'} ago`;
}

export function fileDescription(file: BackupFileInfo, now: number): string {
	const state = file.damage !== undefined ? 'damaged' : file.verifiedOn !== undefined ? 'verified' : '';
	return [formatBytes(file.size), age(file.time, now), state].filter((part) => part !== '').join(' · ');
}

/** `67 % · 523.00 MB/s · 1 min 12 s left`; what is not known is left out. */
export function progressText(progress: JobProgress | undefined): string {
	if (progress === undefined) return 'starting';
	const parts: string[] = [];
	if (progress.totalBytes > 0) parts.push(`${percent(progress)} %`);
	else parts.push(progress.phase);
	if (progress.rate > 0) parts.push(formatRate(progress.rate));
	if (progress.secondsLeft !== undefined) parts.push(`${formatDuration(progress.secondsLeft)} left`);
	return parts.join(' · ');
}

export function percent(progress: JobProgress): number {
	return progress.totalBytes > 0 ? Math.min(100, Math.floor((progress.doneBytes / progress.totalBytes) * 100)) : 0;
}
