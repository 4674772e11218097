import type { Translate } from '../../base/l10n.ts';
import { bytesOf, filesOf, type Branch, type Chain } from './chain.ts';
import type { Planned } from './fulls.ts';
import { inUse, type Scope } from './scope.ts';
import { keptBy, typeRule } from './selection.ts';
import type { RetentionInput, RetentionStep } from './types.ts';
import { reasonOf, whyGone } from './words.ts';

/**
 * The rule for differential backups: counted over all sets, newest first; one that is not kept goes with the
 * incrementals that stand on it. A rule by age leaves the one that the set in use stands on.
 */
export function planDifferentials(input: RetentionInput, scope: Scope): Planned {
	const rule = typeRule(input, 'diff');
	if (rule === undefined) return { steps: [], notes: [], remaining: scope.chains };
	const candidates = scope.chains
		.flatMap((chain) =>
			[...chain.branches.slice(1)]
				.reverse()
				.map((branch) => ({ chain, branch, time: branch.head.time, aged: branch.head.aged })),
		)
		.sort((a, b) => b.time - a.time);
	const tip = inUse(scope.chains)?.branches.at(-1);
	const kept = keptBy(rule, candidates, (candidate) => candidate.branch === tip);
	const gone = new Set<Branch>();
	const steps: RetentionStep[] = [];
	candidates.forEach((candidate, index) => {
		if (kept.has(candidate) || scope.isProtected(candidate.chain)) return;
		const { chain, branch } = candidate;
		gone.add(branch);
		const files = filesOf([branch.head, ...branch.incrementals]).reverse();
		const wording = (t: Translate) => {
			const [words, why] = [rule.words(t), whyGone(rule, index + 1, t)];
			return branch.incrementals.length === 0
				? t('Differential: {0}; {1}.', words, why)
				: t('Differential: {0}; {1}. Incrementals that stand on it go with it.', words, why);
		};
		steps.unshift({
			kind: 'delete-differential',
			setId: chain.set.id,
			files,
			bytesFreed: bytesOf(files),
			...reasonOf(wording),
		});
	});
	const remaining = scope.chains.map((chain) => withoutBranches(chain, gone));
	return { steps, notes: [], remaining };
}

function withoutBranches(chain: Chain, gone: ReadonlySet<Branch>): Chain {
	const [first, ...others] = chain.branches;
	return { ...chain, branches: [first, ...others.filter((branch) => !gone.has(branch))] };
}
