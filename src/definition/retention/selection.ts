import type { Wording } from '../../base/l10n.ts';
import { cutoff } from './age.ts';
import type { BackupType, RetentionInput, RetentionRule } from './types.ts';
import { describeRule } from './words.ts';

/** The rule for one type of backup as it applies in this run. */
export interface TypeRule {
	readonly type: BackupType;
	readonly rule: RetentionRule;
	/** How many of those that exist are kept; undefined for a rule by age. */
	readonly count: number | undefined;
	/** Older than this goes; undefined for a rule by number. */
	readonly cutoff: number | undefined;
	/** `keep 4 incremental backups`, with a hint when the coming backup takes one of the places. */
	readonly words: Wording;
}

/** The rule of a type, or undefined when it is off. Before a backup of the same type, that one takes a place. */
export function typeRule(input: RetentionInput, type: BackupType): TypeRule | undefined {
	const rule = { full: input.rules.full, diff: input.rules.differential, inc: input.rules.incremental }[type];
	if (!rule.enabled) return undefined;
	const words: Wording = (t) => describeRule(rule, type, t);
	if (rule.unit !== 'backups') {
		return { type, rule, count: undefined, cutoff: cutoff(rule, input.now, input.zone), words };
	}
	const makesRoom = input.rules.runBefore && input.coming === type;
	return {
		type,
		rule,
		count: Math.max(0, rule.keep - (makesRoom ? 1 : 0)),
		cutoff: undefined,
		words: makesRoom ? (t) => t('{0}, the coming one included', words(t)) : words,
	};
}

/**
 * Which of the candidates the rule keeps.
 * @param newestFirst candidates, newest first
 * @param never those that a rule by age does not take: the newest restore point of the set in use and what it stands on
 */
export function keptBy<T extends { readonly aged: number }>(
	rule: TypeRule,
	newestFirst: readonly T[],
	never: (candidate: T) => boolean,
): Set<T> {
	if (rule.count !== undefined) return new Set(newestFirst.slice(0, rule.count));
	return new Set(newestFirst.filter((candidate) => candidate.aged >= rule.cutoff! || never(candidate)));
}
