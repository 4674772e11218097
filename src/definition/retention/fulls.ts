import { english, type Translate } from '../../base/l10n.ts';
import type { Chain } from './chain.ts';
import { deleteSet, type Scope } from './scope.ts';
import { keptBy, typeRule } from './selection.ts';
import type { RetentionInput, RetentionNote, RetentionStep } from './types.ts';
import { whyGone } from './words.ts';

/** What one rule wants, and what it leaves to the next. */
export interface Planned {
	readonly steps: RetentionStep[];
	readonly notes: RetentionNote[];
	readonly remaining: readonly Chain[];
}

/**
 * The rule for full backups: a full that is not kept goes with everything linked to it, oldest set first.
 * Keep 1 before a full deletes every set, as the seed's note on version 6 has it; a rule by age always leaves the set
 * in use, or the newest one.
 */
export function planFulls(input: RetentionInput, scope: Scope): Planned {
	const rule = typeRule(input, 'full');
	if (rule === undefined) return { steps: [], notes: [], remaining: scope.chains };
	const candidates = scope.chains.map((chain, index) => ({ chain, index, aged: chain.full.aged }));
	const kept = keptBy(rule, candidates, (candidate) => candidate.index === 0);
	const notes: RetentionNote[] = [];
	const steps: RetentionStep[] = [];
	const remaining: Chain[] = [];
	for (const candidate of [...candidates].reverse()) {
		const { chain } = candidate;
		if (kept.has(candidate)) {
			remaining.unshift(chain);
			continue;
		}
		const number = candidate.index + 1;
		if (scope.isProtected(chain)) {
			notes.push({
				setId: chain.set.id,
				text: `Backup set ${chain.set.id} is in use and stays, though the rule is to ${rule.words(english)} and ${whyGone(rule, number, english)}.`,
			});
			remaining.unshift(chain);
			continue;
		}
		const wording = (t: Translate) =>
			t('Full: {0}; {1}. Backups linked to it go with it.', rule.words(t), whyGone(rule, number, t));
		steps.push(deleteSet(chain, wording));
	}
	return { steps, notes, remaining };
}
