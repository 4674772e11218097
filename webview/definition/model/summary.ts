import { formatBytes } from '../../shared/quantities.ts';
import type { BackupDefinition } from '../../../src/definition/model.ts';
import { describeTiming, describeType } from '../../../src/definition/plan/describe.ts';
import { t } from '../../shared/l10n.ts';

const yesNo = (value: boolean) => (value ? t('Y') : t('N'));

function verification({ autoVerify, reverifyAfterDays: days }: BackupDefinition): string {
	if (days === 0) return yesNo(autoVerify);
	if (days === 1) return t('{0}, again after a day', yesNo(autoVerify));
	return t('{0}, again after {1} days', yesNo(autoVerify), days);
}

/** The settings of the last page, in its order and words. */
export function summaryRows(
	definition: BackupDefinition,
	totalSelected: number,
): readonly (readonly [name: string, value: string])[] {
	const { encryption, fileSizeLimit, compressionLevel } = definition;
	return [
		[t('Auto Verify'), verification(definition)],
		[t('Maximum File Size'), fileSizeLimit === undefined ? t('Automatic') : formatBytes(fileSizeLimit)],
		[t('Compression'), { none: t('None'), medium: t('Medium'), high: t('High') }[compressionLevel]],
		[t('Password'), encryption.aesType === 'none' ? t('N') : `${t('Y')} (${encryption.aesType.toUpperCase()})`],
		[t('Intelligent Copy'), yesNo(definition.intelligentSectorCopy)],
		[t('Power Saving'), yesNo(definition.powerSaving)],
		[t('Total Selected'), formatBytes(totalSelected)],
	];
}

export function scheduleLines({ scheduling }: BackupDefinition): readonly string[] {
	if (scheduling.schedules.length === 0) return [t('None')];
	return scheduling.schedules.map(
		(schedule) =>
			`${describeType(schedule.backupType, t)}: ${describeTiming(schedule, t)}${schedule.enable ? '' : ` ${t('(off)')}`}`,
	);
}
