import type { LeastSize } from '../../../src/engine/ports/shrink-port.ts';
import { linesOf, ownFile, runTool, toolFailure, type ToolEnd } from './run-tool.ts';

const tool = 'ntfsresize';
/** Clusters and the backup boot sector behind the last of them are rounded to what a partition has. */
const rounding = 64 * 1024;

/** @throws AfterimageError as `ShrinkPort` says */
export async function examineNtfs(fd: number, signal: AbortSignal): Promise<LeastSize> {
	const end = await runTool(tool, ['--info', '--no-progress-bar', ownFile], fd, signal);
	const found = /^You might resize at (\d{1,16}) bytes/m.exec(end.said)?.[1];
	if (found !== undefined) return { least: Number(found) + rounding, tool, corrected: [] };
	throw failure(end);
}

/** @throws AfterimageError as `ShrinkPort` says */
export async function shrinkNtfs(fd: number, bytes: number, signal: AbortSignal): Promise<void> {
	// It asks whether it may; --force would also pass over a volume that Windows has to check.
	const end = await runTool(tool, ['--no-progress-bar', '--size', String(bytes), ownFile], fd, signal, 'y\n');
	if (end.code !== 0) throw failure(end);
}

/** @throws AfterimageError as `ShrinkPort` says */
export async function confirmNtfs(fd: number, signal: AbortSignal): Promise<void> {
	// The check that it has asked Windows for is no reason to refuse here.
	const end = await runTool(tool, ['--info', '--force', '--no-progress-bar', ownFile], fd, signal);
	if (end.code !== 0) throw failure(end);
}

/** It tells what is wrong after the word ERROR, and what to do in the lines behind it. */
function failure(end: ToolEnd): Error {
	const lines = linesOf(end.said);
	const first = lines.findIndex((line) => line.startsWith('ERROR'));
	const said = lines.slice(first === -1 ? -3 : first).slice(0, 3);
	return toolFailure(
		tool,
		{ ...end, said: said.join('\n') },
		'Where Windows has to check the volume (chkdsk /f), let it, shut it down, and take a new image; else restore to a larger target.',
	);
}
