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
	'time-zone'(document, problem) {
		const scheduling = elementOfProblem(document, problem, 'scheduling');
		const zone = scheduling && attributeOf(scheduling, 'time_zone');
		if (scheduling === undefined || zone === undefined) return [];
		return firstPreferred(
			...nearZones(zone.value ?? '').map((name) =>
				fix(`Change to ${name}`, setAttribute(scheduling, 'time_zone', name)),
			),
			fix('Use the time zone of the computer', removeAttribute(document, zone)),
		);
	},

	'incremental-without-full'(document) {
		const { schedules } = document.read.definition.scheduling;
		const first = schedules.find(({ enable }) => enable)?.timing;
		const time = first !== undefined && 'time' in first ? first.time : '09:00';
		const timing: Timing = { kind: 'monthly_weekday', week: 'first', weekday: 'monday', time, interval: 1 };
		const full: Schedule = { backupType: 'full', enable: true, startDate: undefined, timing };
		const add = remodel(document, 'Add a full backup on the first Monday of the month', (definition) =>
			withSchedules(definition, [full, ...schedules]),
		);
		if (!schedules.every(({ enable, backupType }) => !enable || backupType === 'inc')) return firstPreferred(add);
		const forever = remodel(document, 'Create a synthetic full', (definition) =>
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

	'same-minute'(document, problem) {
		const fixes = withSchedule(document, problem, 'Run it an hour later', (schedule) => {
			const { timing } = schedule;
			return 'time' in timing ? { ...schedule, timing: { ...timing, time: hourLater(timing.time) } } : schedule;
		});
		return firstPreferred(...fixes.filter(({ edits }) => edits.length > 0), ...removal(document, problem));
	},

	'never-runs'(document, problem, now) {
		const schedule = scheduleOf(document, problem);
		if (schedule === undefined) return [];
		const { timing, startDate } = schedule;
		const fixes: QuickFix[] = [];
		if (timing.kind === 'intradaily' && timing.until < timing.from) {
			fixes.push(
				...withSchedule(document, problem, 'Exchange from and until', (one) => ({
					...one,
					timing: { ...timing, from: timing.until, until: timing.from },
				})),
			);
		} else if (timing.kind === 'once' && startDate !== undefined && timing.date < startDate) {
			fixes.push(
				...withSchedule(document, problem, 'Remove the start date', (one) => ({ ...one, startDate: undefined })),
			);
		} else if (timing.kind === 'once') {
			const date = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
			fixes.push(
				...withSchedule(document, problem, `Change the day to ${date}`, (one) => ({
					...one,
					timing: { ...timing, date },
				})),
			);
		}
		return firstPreferred(...fixes, ...removal(document, problem));
	},

	'keep-one-full': (document) =>
		firstPreferred(
			remodel(document, 'Apply the rules after the backup', (definition) =>
				withSpace(definition, () => ({ runBefore: false })),
			),
			remodel(document, 'Keep 2 full backups', (definition) =>
				withSpace(definition, ({ fullRetention }) => ({ fullRetention: { ...fullRetention!, interval: 2 } })),
			),
		),

	'synthetic-with-differential': (document) =>
		firstPreferred(
			remodel(document, 'Create no synthetic full', (definition) =>
				withSpace(definition, () => ({ incrementalsForever: false })),
			),
			remodel(document, 'Schedule incrementals instead', (definition) =>
				withSchedules(
					definition,
					definition.scheduling.schedules.map((one) =>
						one.backupType === 'diff' && one.enable ? { ...one, backupType: 'inc' as const } : one,
					),
				),
			),
		),

	'free-space': (document, problem) =>
		firstPreferred(
			...[5, 1].map((lowSpaceGbThreshold) =>
				remodel(document, `Change to ${lowSpaceGbThreshold} GB`, (definition) =>
					withSpace(definition, () => ({ lowSpaceGbThreshold })),
				),
			),
			fix(
				'Do not delete backups when space runs low',
				setAttribute(elementOfProblem(document, problem)!, 'low_space_purge', 'false'),
			),
		),

	'retention-split': (document) =>
		firstPreferred(
			remodel(document, 'Do not split the files', (definition) => ({ ...definition, fileSizeLimit: undefined })),
			remodel(document, 'Turn the rule off', (definition) =>
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

function removal(document: DefinitionText, problem: DefinitionProblem): QuickFix[] {
	const element = elementOfProblem(document, problem, 'schedule');
	if (element === undefined) return [];
	return [
		fix('Turn this schedule off', setAttribute(element, 'enable', 'false')),
		fix('Remove this schedule', removeElement(document.xml, element)),
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
