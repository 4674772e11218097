import { throwIfAborted } from '../../base/abort.ts';
import { counted, formatBytes } from '../../base/quantity.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import { Progress } from '../progress.ts';
import type { BadBlockReport, VerifiedBackup, VerifyBackupsRequest } from '../requests/verify.ts';
import { tellUnnoted, tellUnnotedDamage } from './unnoted.ts';
import { LookBudget } from './look-into.ts';
import { backupPhrase } from './outcome.ts';
import { planVerification } from './plan-verification.ts';
import type { SetToVerify } from './set-verification.ts';
import { verifySet } from './verify-set.ts';

export interface VerifyOptions extends Pick<
	VerifyBackupsRequest,
	'passwords' | 'sample' | 'unverifiedDays' | 'fileSystems'
> {
	/** No further backup is begun once so much has passed, by the `passed` of the clock; undefined: all are verified. */
	readonly until: number | undefined;
}

export interface VerifiedSets {
	readonly backups: readonly VerifiedBackup[];
	readonly bad: readonly BadBlockReport[];
	/** Backups that were left out as they were verified a short while ago, and when the first is due, in ms since 1970. */
	readonly leftOut: number;
	readonly nextDue: number | undefined;
	/** Backups for which the time did not suffice. */
	readonly postponed: number;
}

/**
 * Verifies backups of sets, those first that were not verified for the longest time, and says of each how it is. Nothing
 * is locked: runs may write to the folders meanwhile, and what they merge or delete is told as such.
 */
export async function verifySets(
	asked: readonly SetToVerify[],
	options: VerifyOptions,
	codec: BlockCodec,
	context: JobContext,
): Promise<VerifiedSets> {
	const { clock } = context.ports;
	const { sets, leftOut, nextDue } = planVerification(asked, clock.now(), options.unverifiedDays);
	const backups: VerifiedBackup[] = [];
	const bad: BadBlockReport[] = [];
	if (sets.length === 0) return { backups, bad, leftOut, nextDue, postponed: 0 };
	const { fileSystems = false, passwords, sample, until } = options;
	const progress = new Progress(clock, context.emit);
	const pool = context.createPool();
	const due = sets.reduce((sum, plan) => sum + plan.due.length, 0);
	let begun = 0;
	const unnoted = { sound: new Set<string>(), damaged: new Set<string>() };
	const tools = {
		...{ context, codec, pool, progress, passwords, sample, fileSystems, bad, unnoted },
		budget: new LookBudget(),
		goesOn: () => (begun === 0 || until === undefined || clock.passed() < until) && ++begun > 0,
		done(backup: VerifiedBackup) {
			backups.push(backup);
			tell(backup, context);
		},
	};
	try {
		const bytes = sets.flatMap((plan) => plan.bytes).reduce((sum, own) => sum + own, 0);
		progress.start('verify', bytes * (sample ?? 1));
		for (const plan of sets) {
			throwIfAborted(context.signal);
			await verifySet(plan, tools);
		}
	} finally {
		progress.stop();
		await pool.close();
	}
	if (options.unverifiedDays !== undefined) for (const folder of unnoted.sound) tellUnnoted(folder, context);
	for (const folder of unnoted.damaged) tellUnnotedDamage(folder, context);
	const files = new Set(backups.map(({ file }) => file));
	const ended = sets.flatMap((plan) => plan.due).filter((point) => files.has(point.member.path)).length;
	return { backups, bad, leftOut, nextDue, postponed: due - ended };
}

function tell(backup: VerifiedBackup, context: JobContext): void {
	const { state, blocks, bytes } = backup;
	if (state === 'sound')
		logInfo(context, `${backup.file} is sound: ${counted(blocks, 'block')}, ${formatBytes(bytes)}`);
	else if (state === 'changed') logInfo(context, backupPhrase(backup));
	else logWarning(context, backupPhrase(backup));
}
