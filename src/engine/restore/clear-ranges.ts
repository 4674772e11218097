import { throwIfAborted } from '../../base/abort.ts';
import { logWarning, type JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load-plan.ts';
import type { OpenDisk } from '../ports.ts';
import type { Progress } from '../progress.ts';
import { freeRanges } from './free-ranges.ts';

const chunk = 1024 * 1024;

/**
 * Zeroes or discards what the image does not hold of the restored partitions.
 * @param shift what is added to a byte of the source disk to get that of the target
 */
export async function clearFreeSpace(
	how: 'zero' | 'discard',
	target: OpenDisk,
	loads: readonly PartitionLoad[],
	shift: number,
	progress: Progress,
	context: JobContext,
): Promise<void> {
	progress.start('zero', total(loads));
	const zeros = new Uint8Array(chunk);
	for (const load of loads) {
		for (const { start, end } of freeRanges(load)) {
			throwIfAborted(context.signal);
			if (how === 'discard') {
				if (!(await target.discard(start + shift, end - start))) {
					logWarning(context, `${target.device.path} cannot discard; its free space is left as it is`);
					progress.stop();
					return;
				}
				progress.add(end - start, 0, 0);
				continue;
			}
			for (let at = start; at < end; at += chunk) {
				throwIfAborted(context.signal);
				const length = Math.min(chunk, end - at);
				await target.write(at + shift, zeros.subarray(0, length));
				progress.add(length, 0, length);
			}
		}
	}
	progress.stop();
}

function total(loads: readonly PartitionLoad[]): number {
	let bytes = 0;
	for (const load of loads) for (const { start, end } of freeRanges(load)) bytes += end - start;
	return bytes;
}
