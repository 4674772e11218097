import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../../src/definition/defaults.ts';
import { applyTemplate } from '../../../../src/definition/plan/templates.ts';
import { calendarMonth } from '../../../../webview/definition/model/calendar-month.ts';
import { ruleOf, withRule } from '../../../../webview/definition/model/retention.ts';
import {
	newSchedule,
	scheduleProblem,
	timingKinds,
	timingOf,
	withDay,
} from '../../../../webview/definition/model/schedules.ts';
import { assume, removalsOf, setLines, SimulationCache } from '../../../../webview/definition/model/simulation.ts';
import { destinationFacts } from '../../../webview/samples.ts';

const GB = 1024 ** 3;
const blank = defaultDefinition();
const grandfather = applyTemplate(blank, 'grandfather');
/** 1 December 2026, a Tuesday, at 08:00 in Berlin. */
const now = Date.parse('2026-12-01T07:00:00Z');
const december2026 = (2026 - 1970) * 12 + 11;

describe('the dialog of a schedule', () => {
	it('begins with a sound schedule of every kind', () => {
		for (const { value } of timingKinds) {
			const schedule = { ...newSchedule('inc', '2026-12-01'), timing: timingOf(value, undefined, '2026-12-01') };
			expect(scheduleProblem(schedule), value).toBeUndefined();
		}
		expect(newSchedule('full', '2026-12-01').timing).toMatchObject({ kind: 'monthly_weekday', week: 'first' });
	});

	it('keeps time, days and interval when the kind changes', () => {
		const weekly = { kind: 'weekly', days: ['tuesday', 'friday'], time: '21:30', interval: 2 } as const;
		expect(timingOf('daily', weekly, '')).toEqual({ kind: 'daily', time: '21:30', interval: 2 });
		expect(timingOf('intradaily', weekly, '')).toMatchObject({ days: ['tuesday', 'friday'] });
		expect(timingOf('once', weekly, '2026-12-01')).toEqual({ kind: 'once', date: '2026-12-01', time: '21:30' });
	});

	it('objects to what cannot run', () => {
		const of = (timing: Parameters<typeof scheduleProblem>[0]['timing']) =>
			scheduleProblem({ ...newSchedule('inc', ''), timing });
		expect(of({ kind: 'weekly', days: [], time: '09:00', interval: 1 })).toBe('Choose at least one day.');
		expect(of({ kind: 'daily', time: '', interval: 1 })).toBe('Enter a time of day.');
		expect(of({ kind: 'once', date: '', time: '09:00' })).toBe('Enter the day.');
		expect(of({ kind: 'intradaily', minutes: 15, from: '17:00', until: '09:00', days: ['monday'] })).toContain(
			'before',
		);
	});

	it('keeps days in the order of the week', () => {
		expect(withDay(['friday'], 'monday', true)).toEqual(['monday', 'friday']);
		expect(withDay(['monday', 'friday'], 'monday', false)).toEqual(['friday']);
	});
});

describe('the calendar', () => {
	it('shows whole weeks with the runs from now on', () => {
		const weeks = calendarMonth(grandfather, december2026, now, 'Europe/Berlin');
		expect(weeks.map((week) => week[0]!.date)).toEqual([
			'2026-11-30',
			'2026-12-07',
			'2026-12-14',
			'2026-12-21',
			'2026-12-28',
		]);
		const days = weeks.flat();
		const types = (date: string) =>
			days.find((day) => day.date === date)!.counts.map(({ type, count }) => [type, count]);
		// Before now, on a Sunday, on the first Monday, on another Monday, on a Tuesday.
		expect(types('2026-11-30')).toEqual([]);
		expect(types('2026-12-06')).toEqual([]);
		expect(types('2026-12-07')).toEqual([['full', 1]]);
		expect(types('2026-12-14')).toEqual([['diff', 1]]);
		expect(types('2026-12-01')).toEqual([['inc', 1]]);
		expect(days.filter(({ inMonth }) => inMonth)).toHaveLength(31);
	});

	it('counts many runs of a day', () => {
		const weeks = calendarMonth(applyTemplate(blank, 'intradaily'), december2026, now, 'Europe/Berlin');
		const monday = weeks.flat().find(({ date }) => date === '2026-12-14')!;
		// 33 quarter hours from 09:00 to 17:00; the differential takes the one at 09:00.
		expect(monday.counts).toEqual([
			{ type: 'diff', count: 1 },
			{ type: 'inc', count: 32 },
		]);
	});
});

describe('retention rules', () => {
	it('show what would be kept by a rule that is off', () => {
		expect(ruleOf(blank.diskSpaceManagement, 'full')).toEqual({ enable: false, interval: 12, period: 'count' });
		expect(ruleOf(grandfather.diskSpaceManagement, 'diff')).toEqual({ enable: true, interval: 4, period: 'weeks' });
	});

	it('change one thing and keep the others', () => {
		const space = withRule(grandfather.diskSpaceManagement, 'inc', { interval: 7 });
		expect(space.incrementalRetention).toEqual({ enable: true, interval: 7, period: 'days' });
		expect(space.fullRetention).toBe(grandfather.diskSpaceManagement.fullRetention);
	});
});

describe('the simulation', () => {
	const assumptions = { ...assume(100 * GB, undefined), capacity: undefined };

	it('goes by images in the folder where there are some', () => {
		expect(assume(100 * GB, undefined)).toMatchObject({ fullBytes: 60 * GB, capacity: undefined, measured: false });
		const facts = { ...destinationFacts, averageSizes: { full: 40 * GB, inc: 2 * GB } };
		expect(assume(100 * GB, facts)).toEqual({
			fullBytes: 40 * GB,
			changedBytesPerDay: 2 * GB,
			capacity: 412 * GB,
			measured: true,
		});
	});

	it('shows sets newest first, with letters and what was merged', () => {
		const days = new SimulationCache().days(grandfather, now, 60, 'Europe/Berlin', assumptions);
		const day = days.find(({ date }) => date === '2026-12-16')!;
		const [newest, older] = setLines(day.sets, String);
		expect(newest!.chips.map(({ letter }) => letter).join('')).toMatch(/^FI+DII$/);
		expect(older!.chips[0]!.letter).toBe('F');
		expect(newest!.begun).toBeGreaterThan(older!.begun);
		const merged = days.flatMap(({ sets }) => setLines(sets, String)).flatMap(({ chips }) => chips);
		expect(merged.some((chip) => chip.merged > 0 && chip.title.includes('merged'))).toBe(true);
	});

	it('draws the newest files of a long set', () => {
		const days = new SimulationCache().days(applyTemplate(blank, 'intradaily'), now, 5, 'Europe/Berlin', assumptions);
		const [line] = setLines(days.at(-1)!.sets, String, 10);
		expect(line!.chips).toHaveLength(10);
		expect(line!.more).toBeGreaterThan(0);
	});

	it('names what goes and why', () => {
		const days = new SimulationCache().days(grandfather, now, 60, 'Europe/Berlin', assumptions);
		const removals = days.flatMap(({ runs }) => removalsOf(runs));
		expect(removals.length).toBeGreaterThan(0);
		for (const { what, reason } of removals) {
			expect(what).not.toBe('');
			expect(reason).not.toBe('');
		}
	});

	it('is not worked out again while the plan stays', () => {
		const cache = new SimulationCache();
		const first = cache.days(grandfather, now, 30, 'UTC', assumptions);
		expect(cache.days({ ...grandfather, name: 'Other' }, now + 60_000, 30, 'UTC', assumptions)).toBe(first);
		expect(cache.days(blank, now, 30, 'UTC', assumptions)).not.toBe(first);
	});
});
