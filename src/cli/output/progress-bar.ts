import { english } from '../../base/l10n.ts';
import { formatBytes, formatDuration, formatRate } from '../../base/quantity.ts';
import type { ProgressEvent } from '../../engine/job-events.ts';
import { phaseName } from '../../protocol/job-phases.ts';

/** One line of at most `width` columns: phase, bar, share, rate, time left. */
export function progressLine(event: ProgressEvent, width: number): string {
	const share = event.totalBytes === 0 ? 1 : Math.min(1, event.doneBytes / event.totalBytes);
	const left = event.secondsLeft === undefined ? '' : `, ${formatDuration(event.secondsLeft)} left`;
	const head = `${phaseName(event.phase, english)} `;
	const tail =
		` ${(share * 100).toFixed(1).padStart(5)}%  ${formatBytes(event.doneBytes)} of ${formatBytes(event.totalBytes)}` +
		`  ${formatRate(event.rate)}${left}`;
	const room = Math.min(30, width - head.length - tail.length - 3);
	if (room < 5) return `${head}${tail.trimStart()}`.slice(0, Math.max(0, width - 1));
	const full = Math.floor(share * room);
	return `${head}[${'#'.repeat(full)}${'.'.repeat(room - full)}]${tail}`;
}
