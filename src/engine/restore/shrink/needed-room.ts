import type { PartitionLoad } from '../../load/load-plan.ts';
import { bytesOf } from '../../load/load-plan.ts';

/** What tools write beside what they move, for each copy: 64 MiB and a hundredth. */
const margin = 64 * 1024 * 1024;
const share = 0.01;

/**
 * Bytes that the copy of a partition may take: what is in use, once more what lies behind the new end, since it is moved, and some.
 * @param length bytes that it is to have
 */
export function neededRoom(load: PartitionLoad, length: number): number {
	const { index, layout } = load.resolved;
	const used = bytesOf([load]);
	const from = Math.max(0, Math.floor((layout.start + length - layout.blockStart) / layout.blockSize));
	let behind = 0;
	for (let block = index.next(from); block < index.count; block = index.next(block + 1)) behind += layout.blockSize;
	return used + behind + Math.ceil(used * share) + margin;
}
