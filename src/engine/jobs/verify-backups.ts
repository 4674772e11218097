import { logWarning, type JobContext } from '../job-context.ts';
import type { VerifiedBackup, VerifyBackupsRequest, VerifyBackupsResult } from '../requests/verify.ts';
import { findBackups } from '../verify/named-backups.ts';
import { backupPhrase, worstCode } from '../verify/outcome.ts';
import { verifySets } from '../verify/verify-sets.ts';

/**
 * Verifies the backups of image files and folders. Each stored block is read once, whatever number of backups needs it.
 * What cannot be verified is told, and the rest is verified.
 * @throws AfterimageError `cancelled`: what was verified by then is noted
 */
export async function runVerifyBackups(
	request: VerifyBackupsRequest,
	context: JobContext,
): Promise<VerifyBackupsResult> {
	const { clock } = context.ports;
	const started = clock.passed();
	const { sample } = request;
	const codec = context.createCodec();
	try {
		const { sets, broken, problems } = await findBackups(request.paths, codec, context.signal);
		for (const { message, advice } of problems) logWarning(context, message, advice);
		for (const one of broken) logWarning(context, backupPhrase(one));
		const verified = await verifySets(sets, { ...request, until: undefined }, codec, context);
		const backups = [...broken, ...verified.backups];
		const total = (of: (backup: VerifiedBackup) => number) => backups.reduce((sum, one) => sum + of(one), 0);
		return {
			backups,
			leftOut: verified.leftOut,
			nextDue: verified.nextDue === undefined ? undefined : new Date(verified.nextDue).toISOString(),
			bad: verified.bad,
			problems,
			sampled: sample !== undefined && sample < 1,
			blocks: total(({ blocks }) => blocks),
			bytes: total(({ bytes }) => bytes),
			seconds: (clock.passed() - started) / 1000,
			code: worstCode(backups, problems),
		};
	} finally {
		codec.dispose();
	}
}
