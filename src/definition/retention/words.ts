import { english, type Translate } from '../../base/l10n.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { BackupType, ReasonWording, RetentionRule } from './types.ts';

/** A reason in English, and what says it in other languages: the two parts of a step that are about it. */
export function reasonOf(wording: ReasonWording): { readonly reason: string; readonly wording: ReasonWording } {
	return { reason: wording(english, formatBytes), wording };
}

/** `keep 4 differential backups`, `keep differential backups of 1 week`. */
export function describeRule({ keep, unit }: RetentionRule, type: BackupType, t: Translate): string {
	if (unit === 'backups') return t('keep {0} {1}', keep, backups(type, keep === 1, t));
	const all = backups(type, false, t);
	switch (unit) {
		case 'days':
			return keep === 1 ? t('keep {0} of 1 day', all) : t('keep {0} of {1} days', all, keep);
		case 'weeks':
			return keep === 1 ? t('keep {0} of 1 week', all) : t('keep {0} of {1} weeks', all, keep);
		case 'months':
			return keep === 1 ? t('keep {0} of 1 month', all) : t('keep {0} of {1} months', all, keep);
	}
}

/**
 * Why a rule does not keep a backup.
 * @param number how many backups of its type are as new or newer; of no use to a rule by age
 */
export function whyGone(rule: { readonly count: number | undefined }, number: number, t: Translate): string {
	return rule.count === undefined ? t('this one is older') : t('this one is number {0} from the newest', number);
}

function backups(type: BackupType, one: boolean, t: Translate): string {
	switch (type) {
		case 'full':
			return one ? t('full backup') : t('full backups');
		case 'diff':
			return one ? t('differential backup') : t('differential backups');
		case 'inc':
			return one ? t('incremental backup') : t('incremental backups');
	}
}
