import type { DiskSpaceManagement, Retention, RetentionPeriod } from '../../../src/definition/model.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { planTemplates } from '../../../src/definition/plan/templates.ts';
import { t } from '../../shared/l10n.ts';

const retentionProperties = {
	full: 'fullRetention',
	diff: 'differentialRetention',
	inc: 'incrementalRetention',
} as const satisfies Record<BackupType, keyof DiskSpaceManagement>;

/** What a rule says, or would say once it is switched on. */
export function ruleOf(space: DiskSpaceManagement, type: BackupType): Retention {
	const usual = planTemplates[0]!.diskSpaceManagement[retentionProperties[type]]!;
	return space[retentionProperties[type]] ?? { ...usual, enable: false };
}

export function withRule(space: DiskSpaceManagement, type: BackupType, part: Partial<Retention>): DiskSpaceManagement {
	return { ...space, [retentionProperties[type]]: { ...ruleOf(space, type), ...part } };
}

export const periods: readonly { readonly value: RetentionPeriod; readonly text: string }[] = [
	{ value: 'count', text: t('Backups') },
	{ value: 'days', text: t('Days') },
	{ value: 'weeks', text: t('Weeks') },
	{ value: 'months', text: t('Months') },
];
