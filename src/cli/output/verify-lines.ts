import { counted, formatBytes, formatDuration } from '../../base/quantity.ts';
import { checkLines, damageLines, problemsIn } from '../../engine/file-walk/words.ts';
import { badBlock } from '../../engine/history/summaries.ts';
import type { VerifyResult } from '../../engine/requests/verify.ts';

/** What people read of the verification of one image. */
export function verifyLines(result: VerifyResult): string[] {
	const { bad, blocks, bytes, damage, file, fileSystems = [], sampled, seconds } = result;
	const extent = `${counted(blocks, 'block')}, ${formatBytes(bytes)} in ${formatDuration(seconds)}`;
	const problems = problemsIn(fileSystems);
	const found = [...bad.map(badBlock), ...damageLines(damage), ...checkLines(fileSystems)];
	if (bad.length > 0) {
		const advice = 'Its other blocks can still be restored, with restore --skip-bad-blocks.';
		return [...found, `${file} is damaged: ${bad.length} bad of ${extent}. ${advice}`];
	}
	if (problems === 0) return [...found, `${file} is sound${sampled ? ' as far as it was sampled' : ''}: ${extent}`];
	const state = `sound${sampled ? ' as far as they were sampled' : ''}: ${extent}`;
	return [...found, `The blocks of ${file} are ${state}; but its file systems have ${counted(problems, 'problem')}.`];
}
