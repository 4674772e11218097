import { backupsOf, bytesOf, filesOf, tipOf, type Backup, type Branch, type Chain } from './chain.ts';
import type { Planned } from './fulls.ts';
import { inUse, type Scope } from './scope.ts';
import { keptBy, typeRule, type TypeRule } from './selection.ts';
import type { RetentionInput, RetentionNote, RetentionStep } from './types.ts';

/**
 * The rule for incremental backups: counted over all sets, newest first. Older ones of a branch are merged into the
 * oldest kept one, which needs them; a branch that keeps none loses all of its. With `syntheticFull`, a set that is a
 * full followed by incrementals alone has its full rolled forward instead, also over the last of them.
 * Sets with a split backup are left as they are.
 */
export function planIncrementals(input: RetentionInput, scope: Scope): Planned {
	const rule = typeRule(input, 'inc');
	const steps: RetentionStep[] = [];
	const notes: RetentionNote[] = [];
	if (rule === undefined) return { steps, notes, remaining: scope.chains };
	const candidates = scope.chains
		.flatMap((chain) => backupsOf(chain).reverse())
		.filter((backup) => backup.type === 'inc')
		.sort((a, b) => b.time - a.time);
	const used = inUse(scope.chains);
	const newest = used === undefined ? undefined : tipOf(used);
	const kept = keptBy(rule, candidates, (backup) => backup === newest);
	for (const chain of [...scope.chains].reverse()) {
		if (scope.isProtected(chain)) continue;
		const planned = planChain(input, chain, kept, rule);
		const obstacle = planned.length === 0 ? undefined : whyNot(chain);
		if (obstacle === undefined) steps.push(...planned);
		else notes.push({ setId: chain.set.id, text: `Incrementals of set ${chain.set.id} stay: ${obstacle}.` });
	}
	return { steps, notes, remaining: scope.chains };
}

function planChain(input: RetentionInput, chain: Chain, kept: ReadonlySet<Backup>, rule: TypeRule): RetentionStep[] {
	if (input.rules.syntheticFull && chain.branches.length === 1) {
		const older = chain.branches[0].incrementals.filter((backup) => !kept.has(backup));
		if (older.length === 0) return [];
		const what = older.length === 1 ? '1 older incremental' : `${older.length} older incrementals`;
		return [merge(input, 'roll-forward', chain, [chain.full, ...older], `${what} merged into the full`, rule)];
	}
	return chain.branches.flatMap((branch) => planBranch(input, chain, branch, kept, rule));
}

function planBranch(
	input: RetentionInput,
	chain: Chain,
	branch: Branch,
	kept: ReadonlySet<Backup>,
	rule: TypeRule,
): RetentionStep[] {
	const older = branch.incrementals.filter((backup) => !kept.has(backup));
	if (older.length === 0) return [];
	const oldestKept = branch.incrementals[older.length];
	if (oldestKept !== undefined) {
		const what = older.length === 1 ? '1 older one' : `${older.length} older ones`;
		return [merge(input, 'merge', chain, [...older, oldestKept], `${what} merged into the oldest kept one`, rule)];
	}
	const files = filesOf(older).reverse();
	const head = branch.head.type === 'full' ? 'full' : 'differential';
	return [
		{
			kind: 'delete-incrementals',
			setId: chain.set.id,
			files,
			bytesFreed: bytesOf(files),
			reason: `Incremental: ${rule.words}; none of this ${head}'s is among them and nothing stands on them.`,
		},
	];
}

function merge(
	input: RetentionInput,
	kind: 'merge' | 'roll-forward',
	chain: Chain,
	backups: readonly Backup[],
	what: string,
	rule: TypeRule,
): RetentionStep {
	const files = filesOf(backups);
	const before = bytesOf(files);
	const after = input.mergedBytes?.(files) ?? before;
	return {
		kind,
		setId: chain.set.id,
		files,
		bytesFreed: Math.max(0, before - after),
		reason: `Incremental: ${rule.words}; ${what}.`,
	};
}

/** Why no incremental of the chain may be merged or deleted by this rule. */
function whyNot(chain: Chain): string | undefined {
	const backups = backupsOf(chain);
	if (backups.some((backup) => backup.split)) return 'the set has backups that are split into several files';
	if (backups.some((backup) => backup.encrypted !== chain.full.encrypted)) {
		return 'some files of the set are encrypted and some are not';
	}
	return undefined;
}
