import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { BadBlockReport } from '../../requests/verify.ts';
import { plannedBytes, type RestorePlan } from '../restore-plan.ts';

/** A restore that ends at a block of the image that is damaged. */
export function damagedBlock(bad: BadBlockReport, plan: RestorePlan): AfterimageError {
	return new AfterimageError(
		'image-damaged',
		`Partition ${bad.partition}, block ${bad.block} (bytes ${bad.start} to ${bad.end - 1}) at byte ${bad.position} of ${bad.file}: ${bad.reason}`,
		{
			advice:
				`${remains(plan)} Restore an older backup, or with --skip-bad-blocks all other blocks of this one; ` +
				'afterimage verify tells the extent of the damage.',
			details: { file: bad.file, position: bad.position, partition: bad.partition, block: bad.block },
		},
	);
}

/**
 * Says what a restore that was cancelled leaves behind, and of a target whose file system is full what to do; every other
 * error stays as it is.
 * @param written nothing is left to be written: what was to come is reading back
 */
export function explainFailure(error: unknown, plan: RestorePlan, written: boolean): unknown {
	if (isAfterimageError(error, 'cancelled')) {
		const whole = written && !plan.created;
		return new AfterimageError('cancelled', error.message, {
			advice: whole ? 'Everything is restored, but not all of it was read back.' : remains(plan),
		});
	}
	if (!isAfterimageError(error, 'no-space')) return error;
	const { path } = plan;
	const needed = plannedBytes(plan);
	return new AfterimageError(
		'no-space',
		`${path}: the file system is full; the restore writes ${needed} bytes (${formatBytes(needed)}) to it`,
		{
			advice: `${remains(plan)} Free some space there, or restore to another folder or disk.`,
			details: { ...error.details, path, needed },
			cause: error,
		},
	);
}

/** What a restore that has failed leaves behind, as a sentence. */
function remains({ path, what, created, table }: RestorePlan): string {
	if (created) return `${path} was made for this restore and is removed.`;
	const without = table !== undefined && table.invalidate.length > 0 ? ' and no valid partition table' : '';
	return `${what.charAt(0).toUpperCase()}${what.slice(1)} holds half a restore${without}.`;
}
