import type { LeastSize } from '../../../src/engine/ports/shrink-port.ts';
import { linesOf, ownFile, runTool, toolFailure } from './run-tool.ts';

/** Exit codes of e2fsck: errors were corrected, and the system is to be started anew if it were its root. */
const corrected: readonly number[] = [1, 2];
const sound = 0;

const repair =
	'What is wrong with it is in the image too. Restore the partition as it is, repair it (e2fsck), and take a new image.';

/** @throws AfterimageError as `ShrinkPort` says */
export async function examineExt(fd: number, signal: AbortSignal): Promise<LeastSize> {
	const check = await runTool('e2fsck', ['-f', '-p', ownFile], fd, signal);
	if (check.code !== sound && !corrected.includes(check.code)) throw toolFailure('e2fsck', check, repair);
	const superblock = await runTool('dumpe2fs', ['-h', ownFile], fd, signal);
	const blockSize = Number(/^Block size: +(\d{4,6})$/m.exec(superblock.said)?.[1] ?? NaN);
	const estimate = await runTool('resize2fs', ['-P', ownFile], fd, signal);
	const blocks = Number(/minimum size of the filesystem: (\d{1,15})$/m.exec(estimate.said)?.[1] ?? NaN);
	const least = blocks * blockSize;
	if (estimate.code !== sound || !Number.isSafeInteger(least)) {
		throw toolFailure('resize2fs', estimate, 'Restore to a target that is large enough.');
	}
	const said = linesOf(check.said);
	return { least, tool: 'resize2fs', corrected: corrected.includes(check.code) ? said.slice(0, -1).slice(-20) : [] };
}

/** @throws AfterimageError as `ShrinkPort` says */
export async function shrinkExt(fd: number, bytes: number, signal: AbortSignal): Promise<void> {
	// Sectors of 512 bytes: the only unit that is the same for every size of blocks and says so.
	const end = await runTool('resize2fs', [ownFile, `${Math.floor(bytes / 512)}s`], fd, signal);
	if (end.code !== sound) throw toolFailure('resize2fs', end, 'Give it more room, or restore to a larger target.');
}

/** @throws AfterimageError as `ShrinkPort` says */
export async function confirmExt(fd: number, signal: AbortSignal): Promise<void> {
	const end = await runTool('e2fsck', ['-f', '-n', ownFile], fd, signal);
	if (end.code !== sound) throw toolFailure('e2fsck', end, 'resize2fs has made something wrong: give it more room.');
}
