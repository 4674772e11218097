import { applyPlan } from './apply.ts';
import { backupsOf } from './chain.ts';
import { planDifferentials } from './differentials.ts';
import { planFreeSpace } from './free-space.ts';
import { planFulls } from './fulls.ts';
import { planIncrementals } from './incrementals.ts';
import { pauseNote } from './pauses.ts';
import { planLeftovers, readScope, type Scope } from './scope.ts';
import { typeRule } from './selection.ts';
import type { BackupType, RetentionInput, RetentionNote, RetentionPlan, RetentionStep } from './types.ts';

const types: readonly BackupType[] = ['full', 'diff', 'inc'];

/**
 * Plans what the retention rules remove and merge: full, then differential, then incremental, then free space
 * (the seed's retention section; the files of the rules have the details). Pure; the same input gives the same plan,
 * and a plan that was carried out, or only in part, leads to the same end when planned again.
 * @throws AfterimageError `invalid-argument` when the time zone is unknown
 */
export function planRetention(input: RetentionInput): RetentionPlan {
	const steps: RetentionStep[] = planLeftovers(readScope(input).scope);
	const { scope, damaged } = readScope({ ...input, sets: applyPlan(input.sets, steps) });
	const fulls = planFulls(input, scope);
	const differentials = planDifferentials(input, { ...scope, chains: fulls.remaining });
	const incrementals = planIncrementals(input, { ...scope, chains: differentials.remaining });
	const notes = [
		...damaged,
		...pauseNotes(input, scope),
		...fulls.notes,
		...differentials.notes,
		...incrementals.notes,
	];
	steps.push(...fulls.steps, ...differentials.steps, ...incrementals.steps);
	if (input.rules.minFreeBytes === undefined || input.freeBytes === undefined) return { steps, notes };

	const more = planFreeSpace({
		sets: applyPlan(input.sets, steps),
		scope: input.rules.scope,
		freeBytes: input.freeBytes + steps.reduce((sum, step) => sum + step.bytesFreed, 0),
		minFreeBytes: input.rules.minFreeBytes,
		now: input.now,
		protect: input.protect,
	});
	const known = new Set(damaged.map((note) => note.text));
	return { steps: [...steps, ...more.steps], notes: [...notes, ...more.notes.filter((note) => !known.has(note.text))] };
}

/** A note where a rule by age would take a backup if pauses made it older. */
function pauseNotes(input: RetentionInput, { chains, pauses }: Scope): RetentionNote[] {
	if (pauses.length === 0) return [];
	const cutoffs = new Map(types.map((type) => [type, typeRule(input, type)?.cutoff ?? -Infinity]));
	const spared = chains.find((chain) =>
		backupsOf(chain).some(({ type, time, aged }) => time < cutoffs.get(type)! && aged >= cutoffs.get(type)!),
	);
	return spared === undefined ? [] : [pauseNote(spared.set.id, pauses)];
}
