import { throwIfAborted } from '../../../base/abort.ts';
import { logWarning, type JobContext } from '../../job-context.ts';
import type { Progress } from '../../progress.ts';
import { freeOfCopy, freeRanges, gapRanges, type DiskRange } from './free-ranges.ts';
import { roomOf, shiftOf, type RestorePlan } from '../restore-plan.ts';

const chunk = 1024 * 1024;

/**
 * Zeroes or discards what the image does not hold of the restored partitions, and of a target that gets a table also
 * what lies outside of its partitions: the table is to be written afterwards.
 */
export async function clearFreeSpace(
	how: 'zero' | 'discard',
	plan: RestorePlan,
	progress: Progress,
	context: JobContext,
): Promise<void> {
	const { target } = plan;
	progress.start('zero', bytesToClear(plan));
	const zeros = new Uint8Array(chunk);
	for (const { start, end } of clearable(plan)) {
		throwIfAborted(context.signal);
		if (how === 'discard') {
			if (!(await target.discard(start, end - start))) {
				logWarning(context, `${target.device.path} cannot discard; its free space is left as it is`);
				break;
			}
			progress.add(end - start, 0, 0);
			continue;
		}
		for (let at = start; at < end; at += chunk) {
			throwIfAborted(context.signal);
			const length = Math.min(chunk, end - at);
			await target.write(at, zeros.subarray(0, length));
			progress.add(length, 0, length);
		}
	}
	progress.stop();
}

/** How much {@link clearFreeSpace} goes over, in bytes. */
export function bytesToClear(plan: RestorePlan<unknown>): number {
	let bytes = 0;
	for (const { start, end } of clearable(plan)) bytes += end - start;
	return bytes;
}

/** Ranges of the target. */
function* clearable(plan: RestorePlan<unknown>): Generator<DiskRange> {
	const { size, loads, shrunk, table } = plan;
	for (const load of loads) {
		const shift = shiftOf(plan, load);
		for (const { start, end } of freeRanges(load)) yield { start: start + shift, end: end + shift };
		const { start, length } = load.partition._geometry;
		const room = roomOf(plan, load);
		if (room > length) yield { start: start + shift + length, end: start + shift + room };
	}
	for (const one of shrunk) yield* freeOfCopy(one);
	if (table === undefined) return;
	// Partitions that the image does not hold may still be there from before.
	const restored = loads.map((load) => {
		const { start, length } = load.partition._geometry;
		return { start: start + shiftOf(plan, load), length };
	});
	yield* gapRanges([...restored, ...shrunk, ...table.partitions], size);
}
