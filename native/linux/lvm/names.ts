import { createHash } from 'node:crypto';
import type { LogicalVolume } from './report.ts';

/** Marks the snapshots of this program, so that those of a process that died are found. */
export const tag = 'afterimage';

/**
 * Names of snapshots tell whose they are.
 * @param started when the process did, as `startedOf` has it: its number is used again
 * @param number which of its snapshots it is
 */
export function snapshotName(pid: number, started: string, number: number): string {
	return `afterimage_${pid}_${digest(started)}_${number}`;
}

/** Whether a volume is a snapshot of this program whose process has died. @param startedOf gives undefined for a dead process */
export function isLeftOver({ name, tags }: LogicalVolume, startedOf: (pid: number) => string | undefined): boolean {
	const [, pid, start] = /^afterimage_(\d+)_([0-9a-f]{8})_\d+$/.exec(name) ?? [];
	if (pid === undefined || !tags.includes(tag)) return false;
	const started = startedOf(Number(pid));
	return started === undefined || digest(started) !== start;
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
