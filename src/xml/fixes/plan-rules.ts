import type { Translate } from '../../base/l10n.ts';
import type { BackupDefinition, DiskSpaceManagement, Schedule, Timing } from '../../definition/model.ts';
import { isKnownZone } from '../../definition/plan/calendar.ts';
import { removeElement } from '../../definition/xml/edits.ts';
import { attributeOf } from '../../definition/xml/tree.ts';
import type { DefinitionProblem } from '../../definition/problem.ts';
import type { DefinitionText } from '../document.ts';
import { removeAttribute, setAttribute } from './change.ts';
import { nearest } from '../../base/edit-distance.ts';
import { elementOfProblem, firstPreferred, fix, remodel, type QuickFix, type RuleFixer } from './fix.ts';

/** Fixes of the rules about schedules and retention. */
export const planFixers: Readonly<Record<string, RuleFixer>> = {
	'time-zone'(document, problem, { t }) {
		const scheduling = elementOfProblem(document, problem, 'scheduling');
		const zone = scheduling && attributeOf(scheduling, 'time_zone');
		if (scheduling === undefined || zone === undefined) return [];
		return firstPreferred(
			...nearZones(zone.value ?? '').map((name) =>
				fix(t('Change to {0}', name), setAttribute(scheduling, 'time_zone', name)),
			),
			fix(t('Use the time zone of the computer'), removeAttribute(document, zone)),
		);
	},

	'incremental-without-full'(document, _, { t }) {
		const { schedules } = document.read.definition.scheduling;
		const first = schedules.find(({ enable }) => enable)?.timing;
		const time = first !== undefined && 'time' in first ? first.time : '09:00';
		const timing: Timing = { kind: 'monthly_weekday', week: 'first', weekday: 'monday', time, interval: 1 };
		const full: Schedule = { backupType: 'full', enable: true, startDate: undefined, timing };
		const add = remodel(document, t('Add a full backup on the first Monday of the month'), (definition) =>
			withSchedules(definition, [full, ...schedules]),
		);
		if (!schedules.every(({ enable, backupType }) => !enable || backupType === 'inc')) return firstPreferred(add);
		const forever = remodel(document, t('Create a synthetic full'), (definition) =>
			withSpace(definition, (space) => ({
				incrementalsForever: true,
				incrementalRetention:
					space.incrementalRetention === undefined
						? { enable: true, interval: 14, period: 'count' }
						: { ...space.incrementalRetention, enable: true },
			})),
		);
		return firstPreferred(add, forever);
	},

	'same-minute'(document, problem, { t }) {
		const fixes = withSchedule(document, problem, t('Run it an hour later'), (schedule) => {
			const { timing } = schedule;
			return 'time' in timing ? { ...schedule, timing: { ...timing, time: hourLater(timing.time) } } : schedule;
		});
		return firstPreferred(...fixes.filter(({ edits }) => edits.length > 0), ...removal(document, problem, t));
	},

	'never-runs'(document, problem, { now, t }) {
		const schedule = scheduleOf(document, problem);
		if (schedule === undefined) return [];
		const { timing, startDate } = schedule;
		const fixes: QuickFix[] = [];
		if (timing.kind === 'intradaily' && timing.until < timing.from) {
			fixes.push(
				...withSchedule(document, problem, t('Exchange from and until'), (one) => ({
					...one,
					timing: { ...timing, from: timing.until, until: timing.from },
				})),
			);
		} else if (timing.kind === 'once' && startDate !== undefined && timing.date < startDate) {
			fixes.push(
				...withSchedule(document, problem, t('Remove the start date'), (one) => ({ ...one, startDate: undefined })),
			);
		} else if (timing.kind === 'once') {
			const date = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
			fixes.push(
				...withSchedule(document, problem, t('Change the day to {0}', date), (one) => ({
					...one,
					timing: { ...timing, date },
				})),
			);
		}
		return firstPreferred(...fixes, ...removal(document, problem, t));
	},

	'keep-one-full': (document, _, { t }) =>
		firstPreferred(
			remodel(document, t('Apply the rules after the backup'), (definition) =>
				withSpace(definition, () => ({ runBefore: false })),
			),
			remodel(document, t('Keep 2 full backups'), (definition) =>
				withSpace(definition, ({ fullRetention }) => ({ fullRetention: { ...fullRetention!, interval: 2 } })),
			),
		),

	'synthetic-with-differential': (document, _, { t }) =>
		firstPreferred(
			remodel(document, t('Create no synthetic full'), (definition) =>
				withSpace(definition, () => ({ incrementalsForever: false })),
			),
			remodel(document, t('Schedule incrementals instead'), (definition) =>
				withSchedules(
					definition,
					definition.scheduling.schedules.map((one) =>
						one.backupType === 'diff' && one.enable ? { ...one, backupType: 'inc' as const } : one,
					),
				),
			),
		),

	'free-space': (document, problem, { t }) =>
		firstPreferred(
			...[5, 1].map((lowSpaceGbThreshold) =>
				remodel(document, t('Change to {0} GB', lowSpaceGbThreshold), (definition) =>
					withSpace(definition, () => ({ lowSpaceGbThreshold })),
				),
			),
			fix(
				t('Do not delete backups when space runs low'),
				setAttribute(elementOfProblem(document, problem)!, 'low_space_purge', 'false'),
			),
		),

	'retention-split': (document, _, { t }) =>
		firstPreferred(
			remodel(document, t('Do not split the files'), (definition) => ({ ...definition, fileSizeLimit: undefined })),
			remodel(document, t('Turn the rule off'), (definition) =>
				withSpace(definition, ({ incrementalRetention }) => ({
					incrementalRetention: { ...incrementalRetention!, enable: false },
				})),
			),
		),
};

function withSpace(
	definition: BackupDefinition,
	change: (space: DiskSpaceManagement) => Partial<DiskSpaceManagement>,
): BackupDefinition {
	const space = definition.diskSpaceManagement;
	return { ...definition, diskSpaceManagement: { ...space, ...change(space) } };
}

function withSchedules(definition: BackupDefinition, schedules: readonly Schedule[]): BackupDefinition {
	return { ...definition, scheduling: { ...definition.scheduling, schedules } };
}

function scheduleOf(document: DefinitionText, problem: DefinitionProblem): Schedule | undefined {
	const element = elementOfProblem(document, problem, 'schedule');
	return element && document.scheduleOf(element);
}

/** Changes the schedule that a problem is about. */
function withSchedule(
	document: DefinitionText,
	problem: DefinitionProblem,
	title: string,
	change: (schedule: Schedule) => Schedule,
): QuickFix[] {
	const schedule = scheduleOf(document, problem);
	if (schedule === undefined) return [];
	return [
		remodel(document, title, (definition) =>
			withSchedules(
				definition,
				definition.scheduling.schedules.map((one) => (one === schedule ? change(one) : one)),
			),
		),
	];
}

function removal(document: DefinitionText, problem: DefinitionProblem, t: Translate): QuickFix[] {
	const element = elementOfProblem(document, problem, 'schedule');
	if (element === undefined) return [];
	return [
		fix(t('Turn this schedule off'), setAttribute(element, 'enable', 'false')),
		fix(t('Remove this schedule'), removeElement(document.xml, element)),
	];
}

function hourLater(time: string): string {
	return `${String((Number(time.slice(0, 2)) + 1) % 24).padStart(2, '0')}${time.slice(2)}`;
}

/** Zones with a like name, or a like city. */
function nearZones(name: string): string[] {
	const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
	const city = name.split('/').at(-1)!;
	const byCity = nearest(
		city,
		zones.map((zone) => zone.split('/').at(-1)!),
	).flatMap((found) => zones.filter((zone) => zone.endsWith(`/${found}`) || zone === found));
	return [...new Set([...nearest(name, zones), ...byCity])].filter(isKnownZone).slice(0, 3);
}
