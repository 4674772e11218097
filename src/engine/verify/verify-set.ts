import { throwIfAborted } from '../../base/abort.ts';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { RestorePoint } from '../../image/set/backup-set.ts';
import { numbersOf } from '../../image/set/set-member.ts';
import { holdFiles, type HeldFiles } from '../load/hold-files.ts';
import { FileStates } from './file-states.ts';
import { SetLooks } from './look-into.ts';
import type { SetPlan } from './plan-verification.ts';
import { findKey, type FoundKey } from './set-keys.ts';
import { SetVerification, type SetToVerify, type VerifyTools } from './set-verification.ts';

/** Verifies backups of one set, oldest first; each stored block is read once. What is found to be sound is noted. */
export async function verifySet(plan: SetPlan<SetToVerify>, tools: VerifyTools): Promise<void> {
	const { due, asked } = plan;
	const keys = await findKeys(due, tools);
	const last = due.findLast((point) => keys.get(point)?.error === undefined);
	const verification = new SetVerification(plan, keys, tools);
	for (const point of due) {
		const { error } = keys.get(point)!;
		if (error !== undefined) verification.end(point, { state: 'locked', reason: toErrorRecord(error).message });
	}
	if (last === undefined) return;
	const members = asked.set.members.filter((member) => member.header.file_number <= last.fileNumber);
	let held: HeldFiles;
	try {
		held = await holdFiles(members.map((member) => member.path));
	} catch (error) {
		if (!isAfterimageError(error)) throw error;
		const state = error.code === 'file-missing' ? 'changed' : 'incomplete';
		for (const point of verification.open) verification.end(point, { state, reason: error.message });
		return;
	}
	try {
		const files = members.flatMap((member) => {
			const file = { fd: held.fdOf(member.path), path: member.path, size: member.size };
			return numbersOf(member).map((number) => [number, file] as const);
		});
		const { budget, context, progress } = tools;
		const byNumber = new Map(files);
		const looks = new SetLooks(byNumber, progress, context, budget);
		await verification.run({ last, files: byNumber, states: new FileStates(members), looks });
	} finally {
		await held.close();
	}
}

/** Of each backup; derived once for those of one password. */
async function findKeys(
	points: readonly RestorePoint[],
	{ passwords, context }: VerifyTools,
): Promise<ReadonlyMap<RestorePoint, FoundKey>> {
	const found = new Map<string, FoundKey>();
	const keys = new Map<RestorePoint, FoundKey>();
	for (const point of points) {
		throwIfAborted(context.signal);
		const test = JSON.stringify(point.member.encryption);
		const key =
			found.get(test) ??
			(await findKey(point.member, passwords).then(
				(one) => ({ key: one }),
				(error: unknown) => ({ error }),
			));
		found.set(test, key);
		keys.set(point, key);
	}
	return keys;
}
