import { isAfterimageError } from '../../../base/errors.ts';
import { logWarning, type JobContext } from '../../job-context.ts';
import type { PlannedPartition, SourceDisk } from './planned-partition.ts';

/**
 * Warns when volumes in a partition that was read are not where they were when it was planned: what is frozen does not change,
 * but where its volume lies on the disk can.
 * @throws AfterimageError `read-error`
 */
export async function warnOfChange(
	{ disk }: SourceDisk,
	planned: PlannedPartition,
	context: JobContext,
): Promise<void> {
	if (planned.isUnchanged === undefined) return;
	disk.refresh();
	const unchanged = await planned.isUnchanged().catch((error: unknown) => {
		if (isAfterimageError(error, 'structure-damaged') || isAfterimageError(error, 'not-supported')) return false;
		throw error;
	});
	if (unchanged) return;
	logWarning(
		context,
		`Partition ${planned.partition.number} of ${disk.device.path} (${planned.fileSystem}): volumes in it were made, removed or given other places while it was read; what these hold may be missing from this backup`,
		'Run it again while the volumes stay as they are.',
	);
}
