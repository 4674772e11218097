import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekdays, type Schedule, type Timing } from '../../../../src/definition/model.ts';
import { dueStates, type DueFacts, type DueState, type PastRun } from '../../../../src/definition/plan/due.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const at = (text: string): number => Date.parse(text);
const daily: Timing = { kind: 'daily', time: '09:00', interval: 1 };
const monthly: Timing = { kind: 'monthly', day: 1, time: '09:00', interval: 1 };

function schedule(timing: Timing, more: Partial<Schedule> = {}): Schedule {
	return { backupType: 'inc', enable: true, startDate: undefined, timing, ...more };
}

/** A run that made a backup within ten minutes. */
function made(started: string, type: PastRun['type'] = 'inc', took = 10 * minute): PastRun {
	return { started: at(started), ended: at(started) + took, type };
}

function facts(schedules: readonly Schedule[], more: Partial<DueFacts> & { timeZone?: string } = {}): DueFacts {
	const { timeZone = 'UTC', ...others } = more;
	return {
		scheduling: { timeZone, missedRuns: 'run_once', schedules },
		runs: [],
		changed: at('2026-03-01T00:00Z'),
		now: at('2026-03-10T12:00Z'),
		upSince: at('2026-03-01T00:00Z'),
		grace: 30 * minute,
		systemZone: 'UTC',
		...others,
	};
}

/** A state with its times as text. */
function told({ kind, lastDue, lastMade, missedSince }: DueState): Record<string, string | undefined> {
	const text = (time: number | undefined) =>
		time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
	return { kind, lastDue: text(lastDue), lastMade: text(lastMade), missedSince: text(missedSince) };
}

const state = (timing: Timing, more?: Parameters<typeof facts>[1], of?: Partial<Schedule>) =>
	told(dueStates(facts([schedule(timing, of)], more))[0]!);

describe('a schedule', () => {
	it('is overdue since the first time that no backup was made for', () => {
		expect(state(daily, { runs: [made('2026-03-06T09:00Z')] })).toEqual({
			kind: 'overdue',
			lastDue: '2026-03-10T09:00',
			lastMade: '2026-03-06T09:00',
			missedSince: '2026-03-07T09:00',
		});
	});

	it('is made when the last time has its backup, whatever was missed before', () => {
		expect(state(daily, { runs: [made('2026-03-10T09:00Z')] })).toEqual({
			kind: 'made',
			lastDue: '2026-03-10T09:00',
			lastMade: '2026-03-10T09:00',
			missedSince: undefined,
		});
	});

	it('is overdue where nothing has ever run', () => {
		expect(state(daily)).toMatchObject({ kind: 'overdue', lastMade: undefined, missedSince: '2026-03-01T09:00' });
	});

	it.each<[string, PastRun['type'], Schedule['backupType'], DueState['kind']]>([
		['a full does for an incremental', 'full', 'inc', 'made'],
		['a differential does for an incremental', 'diff', 'inc', 'made'],
		['a full does for a differential', 'full', 'diff', 'made'],
		['an incremental does not for a differential', 'inc', 'diff', 'overdue'],
		['a differential does not for a full', 'diff', 'full', 'overdue'],
	])('%s', (_, type, backupType, kind) => {
		expect(state(daily, { runs: [made('2026-03-10T09:00Z', type)] }, { backupType }).kind).toBe(kind);
	});

	it('has no backup by a run that made none', () => {
		const runs = [{ ...made('2026-03-10T09:00Z'), type: undefined }];
		expect(state(daily, { runs })).toMatchObject({ kind: 'overdue', lastMade: undefined });
	});

	it('of each type by itself', () => {
		const schedules = [schedule(monthly, { backupType: 'full' }), schedule(daily)];
		const states = dueStates(facts(schedules, { runs: [made('2026-03-10T09:00Z')] }));
		expect(states.map(({ kind }) => kind)).toEqual(['overdue', 'made']);
	});

	it('has its backup by a run that was not over when it was due', () => {
		const runs = [made('2026-03-10T08:30Z', 'full', 30 * minute)];
		expect(state(daily, { runs }).kind).toBe('made');
		expect(state(daily, { runs: [made('2026-03-10T08:30Z', 'full', 29 * minute)] }).kind).toBe('overdue');
	});

	it('is not yet overdue for the time that a scheduler may take', () => {
		const runs = [made('2026-03-09T09:00Z')];
		expect(state(daily, { runs, now: at('2026-03-10T08:59Z') })).toMatchObject({
			kind: 'made',
			lastDue: '2026-03-09T09:00',
		});
		expect(state(daily, { runs, now: at('2026-03-10T09:00Z') })).toMatchObject({
			kind: 'due',
			missedSince: '2026-03-10T09:00',
		});
		expect(state(daily, { runs, now: at('2026-03-10T09:29:59Z') }).kind).toBe('due');
		expect(state(daily, { runs, now: at('2026-03-10T09:30Z') }).kind).toBe('overdue');
	});

	it('of a computer that was off is not overdue before the scheduler could make up for it', () => {
		const upSince = at('2026-03-10T11:40Z');
		expect(state(daily, { upSince }).kind).toBe('due');
		expect(state(daily, { upSince, now: at('2026-03-10T12:10Z') }).kind).toBe('overdue');
	});

	it('is not overdue while a run that will do is under way or waits', () => {
		const runs: PastRun[] = [{ started: at('2026-03-10T09:00Z'), ended: undefined, type: 'inc' }];
		expect(state(daily, { runs })).toMatchObject({
			kind: 'running',
			missedSince: '2026-03-01T09:00',
			lastMade: undefined,
		});
		expect(state(daily, { runs }, { backupType: 'full' }).kind).toBe('overdue');
	});

	it('is overdue though a run is under way that stands still for days', () => {
		const runs: PastRun[] = [{ started: at('2026-03-07T09:00Z'), ended: undefined, type: 'inc' }];
		expect(state(daily, { runs }).kind).toBe('overdue');
	});

	it('was not due before the definition was written', () => {
		expect(state(daily, { changed: at('2026-03-10T09:00Z') })).toEqual({ kind: 'ahead' });
		expect(state(daily, { changed: at('2026-03-10T08:59Z') })).toMatchObject({
			kind: 'overdue',
			missedSince: '2026-03-10T09:00',
		});
		const runs = [made('2026-03-06T09:00Z')];
		expect(state(daily, { runs, changed: at('2026-03-09T10:00Z') }).missedSince).toBe('2026-03-10T09:00');
	});

	it('of a definition that a wrong clock has dated ahead counts from its first run', () => {
		const changed = at('2036-01-01T00:00Z');
		expect(state(daily, { changed }).kind).toBe('ahead');
		expect(state(daily, { changed, runs: [made('2026-03-06T09:00Z')] })).toMatchObject({
			kind: 'overdue',
			missedSince: '2026-03-07T09:00',
		});
	});

	it('has no backup by a run that a wrong clock has dated ahead, nor for ever by one whose end it has', () => {
		expect(state(daily, { runs: [made('2026-03-20T09:00Z')] })).toMatchObject({ kind: 'overdue', lastMade: undefined });
		const runs = [{ ...made('2026-03-08T09:00Z'), ended: at('2036-01-01T00:00Z') }];
		expect(state(daily, { runs })).toMatchObject({ kind: 'overdue', missedSince: '2026-03-09T09:00' });
	});

	it('is running by a run that began while the clock was ahead', () => {
		const running = { started: at('2036-01-01T00:00Z'), ended: undefined, type: 'inc' as const };
		expect(state(daily, { runs: [running] })).toMatchObject({ kind: 'running', missedSince: '2026-03-01T09:00' });
	});

	it('stands as before when the clock is set back', () => {
		const runs = [made('2026-03-09T09:00Z'), made('2026-03-10T09:00Z')];
		expect(state(daily, { runs, now: at('2026-03-09T10:00Z') }).kind).toBe('made');
		expect(state(daily, { runs, now: at('2026-03-09T08:00Z') })).toMatchObject({ lastMade: undefined });
	});

	it('is not judged by what is older than the history', () => {
		expect(state(monthly, { knownSince: at('2026-03-05T00:00Z') })).toMatchObject({ kind: 'unknown' });
		expect(state(daily, { knownSince: at('2026-03-05T00:00Z') }).missedSince).toBe('2026-03-05T09:00');
	});

	it.each<[string, Timing, Partial<Schedule>, DueState['kind']]>([
		['disabled', daily, { enable: false }, 'disabled'],
		['at the start of the computer', { kind: 'event', trigger: 'startup' }, {}, 'event'],
		['that begins later', daily, { startDate: '2026-03-11' }, 'ahead'],
		['once, in time to come', { kind: 'once', date: '2026-03-11', time: '09:00' }, {}, 'ahead'],
		['once, long ago', { kind: 'once', date: '2026-03-02', time: '09:00' }, {}, 'overdue'],
		['without a day', { kind: 'weekly', days: [], time: '09:00', interval: 1 }, {}, 'ahead'],
		['of every third year', { kind: 'monthly', day: 1, time: '09:00', interval: 36 }, {}, 'ahead'],
	])('%s', (_, timing, of, kind) => {
		expect(state(timing, {}, of).kind).toBe(kind);
	});

	it('keeps the clock of its zone: a time that is skipped is due as much later, of one that comes twice the first counts', () => {
		const time: Timing = { kind: 'daily', time: '02:30', interval: 1 };
		const spring = { timeZone: 'Europe/Berlin', now: at('2026-03-29T06:00Z'), runs: [made('2026-03-28T01:30Z')] };
		expect(state(time, spring).missedSince).toBe('2026-03-29T01:30');
		const autumn = {
			timeZone: 'Europe/Berlin',
			now: at('2026-10-25T06:00Z'),
			runs: [made('2026-10-24T00:30Z')],
			changed: at('2026-10-01T00:00Z'),
		};
		expect(state(time, autumn).missedSince).toBe('2026-10-25T00:30');
		expect(state(time, { ...autumn, runs: [made('2026-10-25T00:30Z')] }).kind).toBe('made');
	});

	it('takes the zone of the computer where the definition names none', () => {
		const scheduling = { timeZone: undefined, missedRuns: 'run_once' as const, schedules: [schedule(daily)] };
		const [one] = dueStates({ ...facts([]), scheduling, systemZone: 'Asia/Tokyo' });
		expect(told(one!).lastDue).toBe('2026-03-10T00:00');
	});

	it('of every minute for fifty years is told at once', () => {
		const timing: Timing = { kind: 'intradaily', minutes: 1, from: '00:00', until: '23:59', days: weekdays };
		const before = performance.now();
		expect(state(timing, { changed: 0 }).kind).toBe('overdue');
		expect(performance.now() - before).toBeLessThan(1000);
	});
});

describe('as counted minute by minute', () => {
	const zone = 'Europe/Berlin';
	const step = 5 * minute;
	/** Two weeks around the day on which the clock goes forward. */
	const first = at('2026-03-22T00:00Z');
	const steps = (14 * day) / step;
	const format = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		weekday: 'long',
		day: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	});
	/** What the clock on the wall shows at each step. */
	const wall = Array.from({ length: steps }, (_, index) => {
		const parts = format.formatToParts(first + index * step);
		const part = (type: string) => parts.find((one) => one.type === type)!.value;
		return {
			weekday: part('weekday').toLowerCase(),
			day: Number(part('day')),
			time: `${part('hour')}:${part('minute')}`,
		};
	});

	const two = (value: number) => String(value).padStart(2, '0');
	/** Not in the hour that is skipped. */
	const time = fc
		.tuple(fc.constantFrom(0, 1, 4, 9, 12, 17, 23), fc.integer({ min: 0, max: 11 }))
		.map(([hours, fives]) => `${two(hours)}:${two(fives * 5)}`);
	const days = fc.subarray([...weekdays], { minLength: 1 });
	const timing: fc.Arbitrary<Timing> = fc.oneof(
		fc.record({ kind: fc.constant('daily' as const), time, interval: fc.constant(1) }),
		fc.record({ kind: fc.constant('weekly' as const), days, time, interval: fc.constant(1) }),
		fc.record({
			kind: fc.constant('monthly' as const),
			day: fc.integer({ min: 22, max: 28 }),
			time,
			interval: fc.constant(1),
		}),
		fc.record({
			kind: fc.constant('intradaily' as const),
			minutes: fc.constantFrom(5, 15, 60),
			from: fc.constantFrom('09:00', '10:30'),
			until: fc.constantFrom('10:30', '17:00'),
			days,
		}),
	);
	const isDue = (one: Timing, { weekday, day: of, time: clock }: (typeof wall)[number]): boolean => {
		switch (one.kind) {
			case 'daily':
				return clock === one.time;
			case 'weekly':
				return clock === one.time && one.days.some((name) => name === weekday);
			case 'monthly':
				return clock === one.time && of === one.day;
			case 'intradaily': {
				const of = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
				const past = of(clock) - of(one.from);
				return (
					clock >= one.from &&
					clock <= one.until &&
					past % one.minutes === 0 &&
					one.days.some((name) => name === weekday)
				);
			}
			default:
				return false;
		}
	};

	const moment = fc.integer({ min: 0, max: steps - 1 }).map((index) => first + index * step);
	const type = fc.constantFrom<('full' | 'diff' | 'inc')[]>('full', 'diff', 'inc');
	const past: fc.Arbitrary<PastRun> = fc
		.record({ started: moment, took: fc.integer({ min: 0, max: 300 }), type: fc.option(type, { nil: undefined }) })
		.map(({ started, took, type: of }) => ({ started, ended: started + took * minute, type: of }));

	it('whatever has run', () => {
		fc.assert(
			fc.property(
				timing,
				type,
				fc.array(past, { maxLength: 30 }),
				moment,
				moment,
				(one, backupType, runs, changed, now) => {
					fc.pre(changed <= now);
					const order = ['inc', 'diff', 'full'];
					const does = (run: PastRun) => run.type !== undefined && order.indexOf(run.type) >= order.indexOf(backupType);
					// A run that has not ended by now is not in the history.
					const ended = runs.filter((run) => run.ended! <= now);
					const dues = wall.flatMap((clock, index) => {
						const due = first + index * step;
						return isDue(one, clock) && due > changed && due <= now ? [due] : [];
					});
					const missed = (due: number) => !ended.some((run) => does(run) && run.ended! >= due);
					const last = dues.at(-1);
					const since = dues.find(missed);
					const expected =
						last === undefined
							? { kind: 'ahead', missedSince: undefined }
							: !missed(last)
								? { kind: 'made', missedSince: undefined }
								: { kind: now >= since! + 30 * minute ? 'overdue' : 'due', missedSince: since };
					const [found] = dueStates(
						facts([schedule(one, { backupType })], { timeZone: zone, runs: ended, changed, now, upSince: 0 }),
					);
					expect(found).toMatchObject({ ...expected, lastDue: last });
				},
			),
			{ numRuns: 300 },
		);
	});
});
