import { SubSource } from '../../base/bytes.ts';
import { copyNotes } from './copy-notes.ts';
import type { ReadPartition } from './read-partition.ts';
import { roomOf, shiftOf, type RestorePlan } from './restore-plan.ts';
import { withoutStale } from './stale-signatures.ts';

/** A plan with what follows from what the target holds now, which is there already. @throws AfterimageError `cancelled` */
export async function completePlan(plan: RestorePlan, read: ReadPartition): Promise<RestorePlan> {
	const { target, loads } = plan;
	const notes = await copyNotes(loads, read, (load) => {
		const start = load.partition._geometry.start + shiftOf(plan, load);
		return new SubSource(target, start, Math.min(roomOf(plan, load), target.size - start));
	});
	return withoutStale({ ...plan, notes: [...plan.notes, ...notes] });
}
