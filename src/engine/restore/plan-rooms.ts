import type { PartitionLoad } from '../load/load-plan.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { planMove, type MoveFacts } from './plan-move.ts';
import type { RestoreSource } from './restore-source.ts';

/** What is otherwise for partitions that have more room than they had, in the same place. */
export async function planRooms(
	loads: readonly PartitionLoad[],
	rooms: ReadonlyMap<number, number>,
	{ read }: RestoreSource,
	{ skipBadBlocks }: RestoreRequest,
): Promise<MoveFacts> {
	const facts: MoveFacts[] = [];
	for (const load of loads) {
		const { _geometry, _header } = load.partition;
		const { start } = _geometry;
		const length = rooms.get(start) ?? 0;
		if (length <= _geometry.length) continue;
		const where = { what: `Partition ${_header.partition_number}`, start, length, entry: undefined };
		facts.push(await planMove(load, where, 0, read, skipBadBlocks));
	}
	return {
		rooms,
		moved: facts.flatMap(({ moved }) => moved),
		notes: facts.flatMap(({ notes }) => notes),
		warnings: facts.flatMap(({ warnings }) => warnings),
	};
}
