import { applyPlan } from '../../../../src/definition/retention/apply.ts';
import { planRetention } from '../../../../src/definition/retention/plan.ts';
import type {
	BackupFile,
	BackupSet,
	RetentionInput,
	RetentionRule,
	RetentionRules,
	RetentionStep,
} from '../../../../src/definition/retention/types.ts';

export const day = 86_400_000;
export const start = Date.UTC(2026, 0, 5);
export const off: RetentionRule = { enabled: false, keep: 1, unit: 'backups' };

export function keep(count: number, unit: RetentionRule['unit'] = 'backups'): RetentionRule {
	return { enabled: true, keep: count, unit };
}

export function rules(some: Partial<RetentionRules> = {}): RetentionRules {
	return {
		scope: 'matching',
		full: off,
		differential: off,
		incremental: off,
		syntheticFull: false,
		runBefore: false,
		minFreeBytes: undefined,
		...some,
	};
}

/** A set from letters and days: `F0 D7 I8 I9`; 100 bytes a file. */
export function set(id: string, text: string, more: Partial<BackupSet> = {}): BackupSet {
	const files = text.split(' ').map((word, number): BackupFile => {
		const type = ({ F: 'full', D: 'diff', I: 'inc' } as const)[word[0] as 'F' | 'D' | 'I'];
		return {
			name: `${id}-${number}`,
			fileNumber: number,
			incrementNumber: number,
			type,
			time: start + Number(word.slice(1)) * day,
			bytes: 100,
			split: false,
			mergedFiles: [],
			encrypted: false,
		};
	});
	return { id, files, time: files[0]!.time, matching: true, ...more };
}

export function plan(sets: readonly BackupSet[], some: Partial<RetentionRules>, more: Partial<RetentionInput> = {}) {
	return planRetention({ sets, rules: rules(some), now: start + 30 * day, zone: 'UTC', ...more });
}

export function words(steps: readonly RetentionStep[]): string[] {
	return steps.map((step) => `${step.kind} ${step.files.map((file) => file.name).join(' ')}`);
}

export function left(sets: readonly BackupSet[], steps: readonly RetentionStep[]): string[] {
	return applyPlan(sets, steps).flatMap((one) => one.files.map((file) => file.name));
}
