import type { Translate } from '../../base/l10n.ts';
import type { BackupDefinition, DiskSpaceManagement, Retention, Schedule, Weekday } from '../model.ts';

/** A ready-made plan: choosing one replaces schedules and retention rules, which can then be edited. */
export interface PlanTemplate {
	readonly id: TemplateId;
	readonly title: (t: Translate) => string;
	/** One paragraph for the form. */
	readonly summary: (t: Translate) => string;
	readonly schedules: readonly Schedule[];
	readonly diskSpaceManagement: DiskSpaceManagement;
}

export type TemplateId = 'none' | 'grandfather' | 'differential' | 'incremental' | 'forever' | 'intradaily';

const time = '09:00';
const workdays: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const mondayToSaturday: readonly Weekday[] = [...workdays, 'saturday'];

function schedule(backupType: Schedule['backupType'], timing: Schedule['timing']): Schedule {
	return { backupType, enable: true, startDate: undefined, timing };
}

const monthlyFull = schedule('full', { kind: 'monthly_weekday', week: 'first', weekday: 'monday', time, interval: 1 });

function keep(interval: number, period: Retention['period'], enable = true): Retention {
	return { enable, interval, period };
}

function space(
	full: Retention,
	differential: Retention,
	incremental: Retention,
	synthetic = false,
): DiskSpaceManagement {
	return {
		applyToAllSetsInFolder: false,
		incrementalsForever: synthetic,
		runBefore: false,
		lowSpacePurge: true,
		lowSpaceGbThreshold: 5,
		fullRetention: full,
		differentialRetention: differential,
		incrementalRetention: incremental,
	};
}

const unused = keep(10, 'count', false);

/** In the order of the form. Schedules and numbers that the vendor does not publish are ours. */
export const planTemplates: readonly PlanTemplate[] = [
	{
		id: 'none',
		title: (t) => t('None'),
		summary: (t) =>
			t(
				'No schedules. Of the backups that you make yourself, 12 full, 4 differential and 10 incremental ones are kept.',
			),
		schedules: [],
		diskSpaceManagement: space(keep(12, 'count'), keep(4, 'count'), keep(10, 'count')),
	},
	{
		id: 'grandfather',
		title: (t) => t('Grandfather, Father, Son'),
		summary: (t) =>
			t(
				'A full backup on the first Monday of each month, a differential every other Monday and an incremental on the other days but Sunday. ' +
					'Fulls are kept for 26 weeks, differentials for 4 weeks and incrementals for 14 days.',
			),
		schedules: [
			monthlyFull,
			schedule('diff', { kind: 'weekly', days: ['monday'], time, interval: 1 }),
			schedule('inc', { kind: 'weekly', days: mondayToSaturday, time, interval: 1 }),
		],
		diskSpaceManagement: space(keep(26, 'weeks'), keep(4, 'weeks'), keep(14, 'days')),
	},
	{
		id: 'differential',
		title: (t) => t('Differential Backup Set'),
		summary: (t) =>
			t(
				'A full backup on the first Monday of each month and a differential on every other day but Sunday. ' +
					'Fulls are kept for 26 weeks and differentials for 4 weeks.',
			),
		schedules: [monthlyFull, schedule('diff', { kind: 'weekly', days: mondayToSaturday, time, interval: 1 })],
		diskSpaceManagement: space(keep(26, 'weeks'), keep(4, 'weeks'), unused),
	},
	{
		id: 'incremental',
		title: (t) => t('Incremental Backup Set'),
		summary: (t) =>
			t(
				'A full backup on the first Monday of each month and an incremental on every other day but Sunday. ' +
					'Fulls are kept for 26 weeks and incrementals for 14 days.',
			),
		schedules: [monthlyFull, schedule('inc', { kind: 'weekly', days: mondayToSaturday, time, interval: 1 })],
		diskSpaceManagement: space(keep(26, 'weeks'), keep(4, 'weeks', false), keep(14, 'days')),
	},
	{
		id: 'forever',
		title: (t) => t('Incrementals Forever'),
		summary: (t) =>
			t(
				'One full backup, then an incremental on every day but Sunday for ever. 14 incrementals are kept; ' +
					'older ones are merged into the full, which rolls forward.',
			),
		schedules: [schedule('inc', { kind: 'weekly', days: mondayToSaturday, time, interval: 1 })],
		diskSpaceManagement: space(keep(12, 'count', false), keep(4, 'count', false), keep(14, 'count'), true),
	},
	{
		id: 'intradaily',
		title: (t) => t('Intra-Daily Backup Set'),
		summary: (t) =>
			t(
				'A full backup on the first Monday of each month, a differential every day and an incremental every 15 minutes from 09:00 to 17:00, Monday to Friday. ' +
					'Fulls are kept for 26 weeks, differentials for 4 weeks and incrementals for 2 days.',
			),
		schedules: [
			monthlyFull,
			schedule('diff', { kind: 'daily', time, interval: 1 }),
			schedule('inc', { kind: 'intradaily', minutes: 15, from: time, until: '17:00', days: workdays }),
		],
		diskSpaceManagement: space(keep(26, 'weeks'), keep(4, 'weeks'), keep(2, 'days')),
	},
];

/** The definition with the schedules and retention rules of a template; its time zone and missed-run policy stay. */
export function applyTemplate(definition: BackupDefinition, id: TemplateId): BackupDefinition {
	const template = planTemplates.find((one) => one.id === id)!;
	return {
		...definition,
		scheduling: { ...definition.scheduling, schedules: template.schedules },
		diskSpaceManagement: template.diskSpaceManagement,
	};
}

/** The template whose plan the definition has, unchanged; undefined when it is a plan of its own. */
export function detectTemplate(definition: BackupDefinition): TemplateId | undefined {
	const plan = canonical(definition.scheduling.schedules, definition.diskSpaceManagement);
	return planTemplates.find((one) => canonical(one.schedules, one.diskSpaceManagement) === plan)?.id;
}

function canonical(...parts: readonly unknown[]): string {
	return JSON.stringify(parts, (_, value: unknown) =>
		typeof value === 'object' && value !== null && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
			: value,
	);
}
