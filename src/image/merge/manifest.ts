import type { BackupSet } from '../set/backup-set.ts';
import type { Manifest } from '../manifest.ts';
import { numbersOf } from '../set/set-member.ts';
import type { MergeStep } from './plan.ts';

/**
 * `$JSON` of the new file: that of the newest source under the numbers of the oldest, with every number that it now
 * stands for in `merged_files`, and one history entry for each file that still exists.
 */
export function mergedManifest(set: BackupSet, step: MergeStep, newest: Manifest): Manifest {
	const manifest = structuredClone(newest);
	const oldest = step.sources[0]!;
	const { file_number: number, increment_number: increment, backup_type: type } = oldest.header;
	const absorbed = new Set(step.sources.flatMap(numbersOf));
	absorbed.delete(number);
	Object.assign(manifest._header, {
		file_number: number,
		increment_number: increment,
		backup_type: type,
		delta_index: step.sources.every((member) => member.header.delta_index),
		merged_files: [...absorbed].sort((a, b) => a - b),
	});
	const history = set.members
		.filter((member) => member.header.file_number <= number)
		.map((member) => ({ file_name: member.path, file_number: member.header.file_number }));
	for (const disk of manifest.disks)
		for (const partition of disk.partitions) partition._header.file_history = structuredClone(history);
	return manifest;
}
