import { bytesOf } from './chain.ts';
import type { BackupFile, BackupSet, RetentionStep } from './types.ts';

/** The sets as they are after the steps: for the simulation, and for planning one rule after another. */
export function applyPlan(sets: readonly BackupSet[], steps: readonly RetentionStep[]): BackupSet[] {
	let result = [...sets];
	for (const step of steps) {
		result = result
			.map((set) => (set.id === step.setId ? { ...set, files: applyStep(set.files, step) } : set))
			.filter((set) => set.files.length > 0);
	}
	return result;
}

function applyStep(files: readonly BackupFile[], step: RetentionStep): BackupFile[] {
	const touched = new Set(step.files.map((file) => file.name));
	const others = files.filter((file) => !touched.has(file.name));
	if (step.kind !== 'merge' && step.kind !== 'roll-forward') return others;
	return [...others, mergedFile(step)].sort((a, b) => a.fileNumber - b.fileNumber);
}

/**
 * The file that a merge makes: name, numbers and type of the oldest, time of the newest, and every other number in
 * `mergedFiles` (image format, consolidation).
 */
export function mergedFile(step: RetentionStep): BackupFile {
	const [oldest, ...absorbed] = step.files;
	if (oldest === undefined) throw new RangeError('A merge needs files');
	const numbers = step.files.flatMap((file) => [...file.mergedFiles]);
	return {
		...oldest,
		time: Math.max(...step.files.map((file) => file.time)),
		bytes: bytesOf(step.files) - step.bytesFreed,
		mergedFiles: [...new Set([...numbers, ...absorbed.map((file) => file.fileNumber)])].sort((a, b) => a - b),
	};
}
