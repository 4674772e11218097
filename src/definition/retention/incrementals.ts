import type { Wording } from '../../base/l10n.ts';
import { backupsOf, bytesOf, filesOf, tipOf, type Backup, type Branch, type Chain } from './chain.ts';
import type { Planned } from './fulls.ts';
import { inUse, type Scope } from './scope.ts';
import { keptBy, typeRule, type TypeRule } from './selection.ts';
import type { RetentionInput, RetentionNote, RetentionStep } from './types.ts';
import { reasonOf } from './words.ts';

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
		const what: Wording = (t) =>
			older.length === 1
				? t('1 older incremental merged into the full')
				: t('{0} older incrementals merged into the full', older.length);
		return [merge(input, 'roll-forward', chain, [chain.full, ...older], what, rule)];
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
		const what: Wording = (t) =>
			older.length === 1
				? t('1 older one merged into the oldest kept one')
				: t('{0} older ones merged into the oldest kept one', older.length);
		return [merge(input, 'merge', chain, [...older, oldestKept], what, rule)];
	}
	const files = filesOf(older).reverse();
	const what: Wording = (t) =>
		branch.head.type === 'full'
			? t("none of this full's is among them and nothing stands on them")
			: t("none of this differential's is among them and nothing stands on them");
	return [
		{
			kind: 'delete-incrementals',
			setId: chain.set.id,
			files,
			bytesFreed: bytesOf(files),
			...incrementalReason(rule, what),
		},
	];
}

function merge(
	input: RetentionInput,
	kind: 'merge' | 'roll-forward',
	chain: Chain,
	backups: readonly Backup[],
	what: Wording,
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
		...incrementalReason(rule, what),
	};
}

function incrementalReason(rule: TypeRule, what: Wording): Pick<RetentionStep, 'reason' | 'wording'> {
	return reasonOf((t) => t('Incremental: {0}; {1}.', rule.words(t), what(t)));
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
