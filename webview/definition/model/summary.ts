import { formatBytes } from '../../../src/base/quantity.ts';
import type { BackupDefinition } from '../../../src/definition/model.ts';
import { describeTiming, describeType } from '../../../src/definition/plan/describe.ts';

const yesNo = (value: boolean) => (value ? 'Y' : 'N');

/** The settings of the last page, in its order and words. */
export function summaryRows(
	definition: BackupDefinition,
	totalSelected: number,
): readonly (readonly [name: string, value: string])[] {
	const { encryption, fileSizeLimit, compressionLevel } = definition;
	return [
		['Auto Verify', yesNo(definition.autoVerify)],
		['Maximum File Size', fileSizeLimit === undefined ? 'Automatic' : formatBytes(fileSizeLimit)],
		['Compression', compressionLevel.charAt(0).toUpperCase() + compressionLevel.slice(1)],
		['Password', encryption.aesType === 'none' ? 'N' : `Y (${encryption.aesType.toUpperCase()})`],
		['Intelligent Copy', yesNo(definition.intelligentSectorCopy)],
		['Power Saving', yesNo(definition.powerSaving)],
		['Total Selected', formatBytes(totalSelected)],
	];
}

export function scheduleLines({ scheduling }: BackupDefinition): readonly string[] {
	if (scheduling.schedules.length === 0) return ['None'];
	return scheduling.schedules.map(
		(schedule) => `${describeType(schedule.backupType)}: ${describeTiming(schedule)}${schedule.enable ? '' : ' (off)'}`,
	);
}
