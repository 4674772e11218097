import type { ManifestDisk } from '../../image/manifest.ts';
import { noNewIds } from './new-ids.ts';
import { between, firstStart, type TableOptions, type TablePlan } from './table-plan.ts';

/**
 * No table that is known: what stands before the first partition is restored as it is.
 * @throws AfterimageError `invalid-argument` when new ids are asked for
 */
export function barePlan(disk: ManifestDisk, track0: Uint8Array, { newIds }: TableOptions): TablePlan {
	if (newIds !== undefined) throw noNewIds('The image has no partition table that can be read');
	return {
		kind: 'none',
		writes: between(track0, 0, firstStart(disk, [], track0.length)),
		invalidate: [],
		partitions: [],
		diskId: disk._header.disk_signature,
		warnings: [],
		notes: [],
	};
}
