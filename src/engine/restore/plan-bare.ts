import type { ManifestDisk } from '../../image/manifest.ts';
import { between, firstStart, type TablePlan } from './table-plan.ts';

/** No table that is known: what stands before the first partition is restored as it is. */
export function barePlan(disk: ManifestDisk, track0: Uint8Array): TablePlan {
	return {
		writes: between(track0, 0, firstStart(disk, [], track0.length)),
		invalidate: [],
		partitions: [],
		diskId: disk._header.disk_signature,
		warnings: [],
		notes: [],
	};
}
