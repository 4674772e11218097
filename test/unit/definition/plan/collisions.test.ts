import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekdays, type Schedule, type Timing } from '../../../../src/definition/model.ts';
import { parseDay, type Day } from '../../../../src/definition/plan/calendar.ts';
import { rivals } from '../../../../src/definition/plan/collisions.ts';
import { defaultAnchor, nextDay } from '../../../../src/definition/plan/occurrences.ts';

const fourYears = 1461;
const order = ['full', 'diff', 'inc'];

/** The same by looking at every day and every minute of every pair. */
function naive(schedules: readonly Schedule[], from: Day): (Schedule | undefined)[] {
	return schedules.map((one, index) =>
		schedules.find((other, at) => {
			const higher = order.indexOf(other.backupType) - order.indexOf(one.backupType);
			return (higher < 0 || (higher === 0 && at < index)) && meet(other, one, from);
		}),
	);
}

function meet(a: Schedule, b: Schedule, from: Day): boolean {
	for (let minute = 0; minute < 1440; minute++) {
		if (!isMinute(a.timing, minute) || !isMinute(b.timing, minute)) continue;
		for (let day = from; day <= from + fourYears; day++) if (isDay(a, day) && isDay(b, day)) return true;
		return false;
	}
	return false;
}

function isDay({ timing, startDate }: Schedule, day: Day): boolean {
	if (timing.kind === 'event' || (startDate !== undefined && day < parseDay(startDate))) return false;
	if (timing.kind === 'once') return parseDay(timing.date) === day;
	return nextDay(timing, day, startDate === undefined ? defaultAnchor : parseDay(startDate)) === day;
}

function isMinute(timing: Timing, minute: number): boolean {
	const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
	if (timing.kind === 'event') return false;
	if (timing.kind !== 'intradaily') return minuteOf(timing.time) === minute;
	const from = minuteOf(timing.from);
	return minute >= from && minute <= minuteOf(timing.until) && (minute - from) % timing.minutes === 0;
}

// Few times and days, so that some of them are the same.
const time = fc.constantFrom('00:00', '09:00', '09:15', '23:59');
const date = fc.constantFrom(
	'2025-12-31',
	'2026-01-05',
	'2026-02-02',
	'2029-12-31',
	'2030-01-01',
	'2030-01-02',
	'2031-06-01',
);
const days = fc.subarray([...weekdays], { minLength: 1, maxLength: 3 });
const interval = fc.constantFrom(1, 1, 2, 3, 52);
const timing: fc.Arbitrary<Timing> = fc.oneof(
	fc.record({ kind: fc.constant('once' as const), date, time }),
	fc.record({ kind: fc.constant('daily' as const), time, interval }),
	fc.record({ kind: fc.constant('weekly' as const), days, time, interval }),
	fc.record({
		kind: fc.constant('monthly' as const),
		day: fc.constantFrom<(number | 'last')[]>(1, 5, 31, 'last'),
		time,
		interval,
	}),
	fc.record({
		kind: fc.constant('monthly_weekday' as const),
		week: fc.constantFrom('first', 'last'),
		weekday: fc.constantFrom('monday', 'friday'),
		time,
		interval,
	}),
	fc.record({
		kind: fc.constant('intradaily' as const),
		minutes: fc.constantFrom(1, 5, 15, 540),
		from: time,
		until: time,
		days,
	}),
	fc.constant<Timing>({ kind: 'event', trigger: 'startup' }),
);
const schedule: fc.Arbitrary<Schedule> = fc.record({
	backupType: fc.constantFrom('full', 'diff', 'inc'),
	enable: fc.constant(true),
	startDate: fc.option(date, { nil: undefined }),
	timing,
});

describe('schedules that are due at the same minute', () => {
	it('are those that a look at every day and minute finds', () => {
		fc.assert(
			fc.property(fc.array(schedule, { maxLength: 6 }), (schedules) => {
				const from = parseDay('2026-01-01');
				expect(rivals(schedules, from)).toEqual(naive(schedules, from));
			}),
			{ numRuns: 300 },
		);
	});

	it('give way to the first in the list, not to the highest in rank', () => {
		const daily = (backupType: Schedule['backupType']): Schedule => ({
			backupType,
			enable: true,
			startDate: undefined,
			timing: { kind: 'daily', time: '09:00', interval: 1 },
		});
		const [inc, diff, full] = [daily('inc'), daily('diff'), daily('full')];
		expect(rivals([inc, diff, full], 0)).toEqual([diff, full, undefined]);
	});

	it('are looked for up to four years ahead, the last day included', () => {
		const once = (date: string): Schedule => ({
			backupType: 'full',
			enable: true,
			startDate: undefined,
			timing: { kind: 'once', date, time: '09:00' },
		});
		const from = parseDay('2026-01-01');
		const [last, later, past] = [once('2030-01-01'), once('2030-01-02'), once('2025-12-31')];
		expect(rivals([last, last], from)).toEqual([undefined, last]);
		expect(rivals([later, later], from)).toEqual([undefined, undefined]);
		expect(rivals([past, past], from)).toEqual([undefined, undefined]);
	});
});
