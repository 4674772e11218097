import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekdays, type Schedule, type Scheduling, type Timing } from '../../../../src/definition/model.ts';
import { nextRuns } from '../../../../src/definition/plan/next-runs.ts';
import { timing } from '../arbitrary.ts';

function schedule(timing: Timing, more: Partial<Schedule> = {}): Schedule {
	return { backupType: 'inc', enable: true, startDate: undefined, timing, ...more };
}

function scheduling(schedules: readonly Schedule[], more: Partial<Scheduling> = {}): { scheduling: Scheduling } {
	return { scheduling: { timeZone: 'Europe/Berlin', missedRuns: 'run_once', schedules, ...more } };
}

/** The clock of a zone, by the platform's own calendar. */
function clock(time: number, zone: string): string {
	const parts = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		weekday: 'short',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	}).formatToParts(time);
	const part = (type: string): string => parts.find((one) => one.type === type)!.value;
	return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

function runs(timing: Timing, from: string, count = 3, more: Partial<Schedule> = {}): string[] {
	return nextRuns(scheduling([schedule(timing, more)]), Date.parse(from), count, 'UTC').map((run) =>
		clock(run.time, 'Europe/Berlin'),
	);
}

describe('each kind of schedule', () => {
	it.each<[string, Timing, string, string[]]>([
		['once', { kind: 'once', date: '2026-02-03', time: '04:05' }, '2026-01-01T00:00Z', ['Tue 2026-02-03 04:05']],
		['once, over', { kind: 'once', date: '2026-02-03', time: '04:05' }, '2026-02-03T03:05Z', []],
		[
			'daily',
			{ kind: 'daily', time: '09:00', interval: 1 },
			'2026-01-01T08:00Z',
			['Fri 2026-01-02 09:00', 'Sat 2026-01-03 09:00', 'Sun 2026-01-04 09:00'],
		],
		[
			'weekly',
			{ kind: 'weekly', days: ['sunday', 'monday'], time: '09:00', interval: 1 },
			'2026-01-01T00:00Z',
			['Sun 2026-01-04 09:00', 'Mon 2026-01-05 09:00', 'Sun 2026-01-11 09:00'],
		],
		[
			'a day that some months lack',
			{ kind: 'monthly', day: 31, time: '09:00', interval: 1 },
			'2026-01-31T09:00Z',
			['Sat 2026-02-28 09:00', 'Tue 2026-03-31 09:00', 'Thu 2026-04-30 09:00'],
		],
		[
			'the last day, in a leap year',
			{ kind: 'monthly', day: 'last', time: '09:00', interval: 1 },
			'2028-02-01T00:00Z',
			['Tue 2028-02-29 09:00', 'Fri 2028-03-31 09:00', 'Sun 2028-04-30 09:00'],
		],
		[
			'the first Monday',
			{ kind: 'monthly_weekday', week: 'first', weekday: 'monday', time: '09:00', interval: 1 },
			'2026-01-01T00:00Z',
			['Mon 2026-01-05 09:00', 'Mon 2026-02-02 09:00', 'Mon 2026-03-02 09:00'],
		],
		[
			'the last Friday',
			{ kind: 'monthly_weekday', week: 'last', weekday: 'friday', time: '09:00', interval: 1 },
			'2026-01-01T00:00Z',
			['Fri 2026-01-30 09:00', 'Fri 2026-02-27 09:00', 'Fri 2026-03-27 09:00'],
		],
		[
			'within hours',
			{ kind: 'intradaily', minutes: 240, from: '09:00', until: '17:00', days: ['monday', 'friday'] },
			'2026-01-02T08:00Z',
			['Fri 2026-01-02 13:00', 'Fri 2026-01-02 17:00', 'Mon 2026-01-05 09:00'],
		],
		['an event', { kind: 'event', trigger: 'startup' }, '2026-01-01T00:00Z', []],
		[
			'hours that end before they begin',
			{ kind: 'intradaily', minutes: 5, from: '10:00', until: '09:59', days: ['monday'] },
			'2026-01-01T00:00Z',
			[],
		],
	])('%s', (_, timing, from, expected) => {
		expect(runs(timing, from)).toEqual(expected);
	});

	it('counts intervals from the start date', () => {
		const start = { startDate: '2026-01-07' };
		expect(runs({ kind: 'daily', time: '09:00', interval: 3 }, '2026-01-01T00:00Z', 2, start)).toEqual([
			'Wed 2026-01-07 09:00',
			'Sat 2026-01-10 09:00',
		]);
		const weekly: Timing = { kind: 'weekly', days: ['monday', 'friday'], time: '09:00', interval: 2 };
		expect(runs(weekly, '2026-01-01T00:00Z', 3, start)).toEqual([
			'Fri 2026-01-09 09:00',
			'Mon 2026-01-19 09:00',
			'Fri 2026-01-23 09:00',
		]);
		const monthly: Timing = { kind: 'monthly', day: 1, time: '09:00', interval: 12 };
		expect(runs(monthly, '2026-01-01T00:00Z', 2, start)).toEqual(['Fri 2027-01-01 09:00', 'Sat 2028-01-01 09:00']);
	});

	it('follows the clock on the wall when it is set forward and back', () => {
		const daily: Timing = { kind: 'daily', time: '02:30', interval: 1 };
		expect(runs(daily, '2026-03-27T12:00Z')).toEqual([
			'Sat 2026-03-28 02:30',
			'Sun 2026-03-29 03:30',
			'Mon 2026-03-30 02:30',
		]);
		const times = nextRuns(scheduling([schedule(daily)]), Date.parse('2026-10-24T12:00Z'), 2, 'UTC');
		expect(times.map(({ time }) => new Date(time).toISOString())).toEqual([
			'2026-10-25T00:30:00.000Z',
			'2026-10-26T01:30:00.000Z',
		]);
	});

	it('runs within hours at even steps through a night of 25 hours', () => {
		const hourly: Timing = { kind: 'intradaily', minutes: 60, from: '00:00', until: '04:00', days: ['sunday'] };
		expect(runs(hourly, '2026-10-24T21:59Z', 6)).toEqual([
			'Sun 2026-10-25 00:00',
			'Sun 2026-10-25 01:00',
			'Sun 2026-10-25 02:00',
			'Sun 2026-10-25 02:00',
			'Sun 2026-10-25 03:00',
			'Sun 2026-10-25 04:00',
		]);
	});
});

describe('several schedules', () => {
	const at = (backupType: Schedule['backupType'], days: Schedule['timing'] & { kind: 'weekly' }) =>
		schedule(days, { backupType });

	it('at the same minute run one: full before differential before incremental', () => {
		const all = scheduling([
			at('inc', { kind: 'weekly', days: [...weekdays], time: '09:00', interval: 1 }),
			at('diff', { kind: 'weekly', days: ['monday', 'tuesday'], time: '09:00', interval: 1 }),
			at('full', { kind: 'weekly', days: ['monday'], time: '09:00', interval: 1 }),
		]);
		const found = nextRuns(all, Date.parse('2026-01-04T12:00Z'), 3, 'UTC');
		expect(found.map(({ backupType, schedule, yielding }) => [backupType, schedule, yielding])).toEqual([
			['full', 2, [1, 0]],
			['diff', 1, [0]],
			['inc', 0, []],
		]);
	});

	it('that are off do not run, and the zone of the computer counts where none is named', () => {
		const daily: Timing = { kind: 'daily', time: '09:00', interval: 1 };
		const both = scheduling([schedule(daily, { enable: false }), schedule(daily)], { timeZone: undefined });
		const [run] = nextRuns(both, Date.parse('2026-01-01T00:00Z'), 1, 'America/New_York');
		expect(run).toMatchObject({ time: Date.parse('2026-01-01T14:00Z'), schedule: 1, yielding: [] });
	});

	it('refuse a zone that is not known', () => {
		const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 });
		expect(() => nextRuns(scheduling([daily], { timeZone: 'Mars/Olympus' }), 0, 1, 'UTC')).toThrow(/Mars/);
	});
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];
const anyPlan = fc.record({
	timings: fc.array(timing, { minLength: 1, maxLength: 3 }),
	from: fc.date({ min: new Date('2024-01-01'), max: new Date('2032-01-01'), noInvalidDate: true }),
	zone: fc.constantFrom(...zones),
});

describe('any plan', () => {
	it('has runs that rise, lie after the start, show the right clock, and go on where they broke off', () => {
		fc.assert(
			fc.property(anyPlan, ({ timings, from, zone }) => {
				const plan = scheduling(
					timings.map((one) => schedule(one)),
					{ timeZone: zone },
				);
				const found = nextRuns(plan, from.getTime(), 12, 'UTC');
				found.forEach((run, index) => {
					expect(run.time).toBeGreaterThan(index === 0 ? from.getTime() : found[index - 1]!.time);
					expect(clockFits(timings[run.schedule]!, run.time, zone)).toBe(true);
				});
				if (found.length < 5) return;
				expect(nextRuns(plan, found[3]!.time, found.length - 4, 'UTC')).toEqual(found.slice(4));
			}),
			{ numRuns: 400 },
		);
	});

	it('misses no minute that a look at every minute finds', () => {
		const days = fc.subarray([...weekdays], { minLength: 1 });
		const time = fc
			.tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom('00', '15', '30', '45'))
			.map(([hour, minute]) => `0${hour}:${minute}`);
		const week: fc.Arbitrary<Timing> = fc.record({ kind: fc.constant('weekly'), days, time, interval: fc.constant(1) });
		const changes = fc.constantFrom(
			['Europe/Berlin', '2026-03-29'],
			['Europe/Berlin', '2026-10-25'],
			['America/New_York', '2026-03-08'],
			['America/New_York', '2026-11-01'],
			['Australia/Lord_Howe', '2026-04-05'],
			['Australia/Lord_Howe', '2026-10-04'],
		);
		fc.assert(
			fc.property(week, changes, (timing, [zone, date]) => {
				if (timing.kind !== 'weekly') return;
				const from = Date.parse(`${date}T00:00Z`) - 36 * 3_600_000;
				const until = from + 72 * 3_600_000;
				const plan = scheduling([schedule(timing)], { timeZone: zone });
				const found = nextRuns(plan, from, 9, 'UTC').filter((run) => run.time < until);
				// Every quarter of an hour at which the clock shows the time, the first one of each day.
				const looked = new Map<string, number>();
				for (let at = from + 900_000; at < until; at += 900_000) {
					const shown = clock(at, zone);
					const long = weekdays.find((day) => day.startsWith(shown.slice(0, 3).toLowerCase()))!;
					const day = shown.slice(0, 14);
					if (shown.slice(15) === timing.time && timing.days.includes(long) && !looked.has(day)) looked.set(day, at);
				}
				const times = found.map((run) => run.time);
				for (const at of looked.values()) expect(times).toContain(at);
				// What is found besides is a time that the clock skipped, as much later as it skipped.
				for (const at of times.filter((one) => ![...looked.values()].includes(one))) {
					expect(clock(at, zone).slice(4, 14)).toBe(date);
					const skipped = at - Math.max(...quarters(at).filter((one) => clock(one, zone).slice(15) < timing.time));
					expect(skipped).toBeGreaterThan(0);
				}
			}),
			{ numRuns: 60 },
		);
	});
});

function quarters(before: number): number[] {
	return Array.from({ length: 16 }, (_, i) => before - (i + 1) * 900_000);
}

/** Whether the clock at a run shows what its schedule asks for; a skipped hour shows a later time. */
function clockFits(timing: Timing, at: number, zone: string): boolean {
	const shown = clock(at, zone);
	const time = shown.slice(15);
	const day = weekdays.find((one) => one.startsWith(shown.slice(0, 3).toLowerCase()))!;
	const jumped = clock(at - 3_600_000, zone).slice(15) > time || new Date(at).getTimezoneOffset() === -1;
	const skipping = (wanted: string): boolean => time === wanted || clock(at - 2 * 3_600_000, zone).slice(15) < wanted;
	switch (timing.kind) {
		case 'event':
			return false;
		case 'once':
			return shown.slice(4, 14) === timing.date || skipping(timing.time);
		case 'daily':
			return skipping(timing.time);
		case 'weekly':
			return (timing.days.includes(day) || jumped) && skipping(timing.time);
		case 'monthly':
		case 'monthly_weekday':
			return skipping(timing.time);
		case 'intradaily':
			return timing.days.includes(day) && time <= timing.until;
	}
}
