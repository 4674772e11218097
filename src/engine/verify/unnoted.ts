import { logWarning, type JobContext } from '../job-context.ts';
import { verifiedName } from '../verified-record.ts';

/** Notes of verification that a folder does not take, and what follows from that. */

const advice = `Let ${verifiedName} be written there: the folder is read-only, full or another user's.`;

export function tellUnnoted(folder: string, context: JobContext): void {
	logWarning(context, `${folder} takes no note of what was verified: the same is verified again the next time`, advice);
}

export function tellUnnotedDamage(folder: string, context: JobContext): void {
	logWarning(
		context,
		`${folder} takes no note of damaged backups: the next backup may stand on one, and rules count it as sound`,
		advice,
	);
}
