import type { ManifestDisk } from '../../../image/manifest.ts';
import { noGrowth } from './grown-end.ts';
import { noNewIds } from './new-ids.ts';
import { noShrinking } from './no-shrinking.ts';
import { between, firstStart, type TableOptions, type TablePlan } from './table-plan.ts';

/**
 * No table that is known: what stands before the first partition is restored as it is.
 * @throws AfterimageError `invalid-argument` when new ids or a partition that grows are asked for
 */
export function barePlan(disk: ManifestDisk, track0: Uint8Array, { newIds, grow, shrink }: TableOptions): TablePlan {
	const why = 'The image has no partition table that can be read';
	if (newIds !== undefined) throw noNewIds(why);
	if (grow !== undefined) throw noGrowth(why);
	if (shrink !== undefined) throw noShrinking(why);
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
