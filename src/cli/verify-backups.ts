import { exitCodeOf } from '../base/errors.ts';
import { formatDuration } from '../base/quantity.ts';
import { badBlock, verifiedWords } from '../engine/history/summaries.ts';
import type { VerifyBackupsRequest, VerifyBackupsResult } from '../engine/requests/verify.ts';
import { fileLines } from '../engine/verify/file-lines.ts';
import { backupPhrase, worstCode } from '../engine/verify/outcome.ts';
import type { CommandContext } from './command.ts';
import { ask } from './options/password.ts';

/**
 * Verifies several backups; when a person is there and sets turn out to be encrypted, asks for their password once all
 * others are done. Gives the exit code.
 */
export async function verifyBackups(
	request: Omit<VerifyBackupsRequest, 'passwords'>,
	password: string | undefined,
	{ engine, output, signal }: CommandContext,
): Promise<number> {
	const control = { signal, emit: output.event.bind(output) };
	const passwords = password === undefined ? [] : [password];
	let result = await engine.verifyBackups({ ...request, passwords }, control);
	const locked = result.backups.filter(({ state }) => state === 'locked').map(({ file }) => file);
	if (locked.length > 0 && password === undefined && process.stdin.isTTY) {
		const asked = { ...request, paths: locked, passwords: [await ask('Password: ', true, signal)] };
		result = joined(result, await engine.verifyBackups(asked, control));
	}
	output.result(result, resultLines(result));
	return result.code === undefined ? 0 : exitCodeOf(result.code);
}

/** Both results, those of backups that were locked taken from the second. */
function joined(first: VerifyBackupsResult, second: VerifyBackupsResult): VerifyBackupsResult {
	const backups = [...first.backups.filter(({ state }) => state !== 'locked'), ...second.backups];
	const problems = [...first.problems, ...second.problems];
	return {
		...first,
		backups,
		bad: [...first.bad, ...second.bad],
		problems,
		blocks: first.blocks + second.blocks,
		bytes: first.bytes + second.bytes,
		seconds: first.seconds + second.seconds,
		code: worstCode(backups, problems),
	};
}

const advice = 'Other blocks of damaged backups can still be restored, with restore --skip-bad-blocks.';

function resultLines(result: VerifyBackupsResult): string[] {
	return [
		...result.bad.map(badBlock),
		...fileLines(result.backups),
		...result.problems.map(({ message }) => message),
		...result.backups.filter(({ state }) => state !== 'sound').map(backupPhrase),
		...(result.bad.length === 0 ? [] : [advice]),
		verifiedWords(result) + (result.backups.length === 0 ? '' : ` in ${formatDuration(result.seconds)}`),
	];
}
