import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMinuteGroups, timesByRivals, timesOfDay, timeText } from '../../../../src/extension/schedule/times.ts';
import { schedule } from './sample-schedules.ts';

describe('timesOfDay', () => {
	it('runs from the first time to the last that is not after the end', () => {
		const days = ['monday'] as const;
		const timing = { kind: 'intradaily', minutes: 25, from: '23:00', until: '23:59', days } as const;
		expect(timesOfDay(timing)).toEqual(['23:00', '23:25', '23:50']);
		expect(timesOfDay({ kind: 'event', trigger: 'startup' })).toEqual([]);
	});
});

describe('hourMinuteGroups', () => {
	it('holds each time once and no other', () => {
		const anyTime = fc.integer({ min: 0, max: 24 * 60 - 1 }).map(timeText);
		fc.assert(
			fc.property(fc.uniqueArray(anyTime, { minLength: 1, maxLength: 60 }), (times) => {
				const expanded = hourMinuteGroups(times).flatMap(({ hours, minutes }) =>
					hours.flatMap((hour) => minutes.map((minute) => `${hour}:${minute}`)),
				);
				expect(expanded.sort()).toEqual([...times].sort());
			}),
		);
	});
});

describe('timesByRivals', () => {
	const at = (time: string, type: 'full' | 'diff' | 'inc') => schedule({ kind: 'daily', time, interval: 1 }, type);

	it('has full before differential before incremental, and the earlier of one type, at a common time and in force', () => {
		const [full, again, diff, inc] = [
			at('09:00', 'full'),
			at('09:00', 'full'),
			at('09:00', 'diff'),
			at('09:00', 'inc'),
		];
		const all = [full, again, diff, inc, at('10:00', 'full'), { ...at('09:00', 'full'), enable: false }];
		const first = (one: typeof full) => timesByRivals(one, all).map((group) => group.first);
		expect(first(inc)).toEqual([[full, again, diff]]);
		expect(first(diff)).toEqual([[full, again]]);
		expect(first(again)).toEqual([[full]]);
		expect(first(full)).toEqual([[]]);
	});

	it('sets the times apart at which others go first', () => {
		const days = ['monday'] as const;
		const often = schedule({ kind: 'intradaily', minutes: 30, from: '08:00', until: '10:00', days });
		const [full, diff] = [at('09:00', 'full'), at('10:00', 'diff')];
		expect(timesByRivals(often, [full, diff, often])).toEqual([
			{ times: ['08:00', '08:30', '09:30'], first: [] },
			{ times: ['09:00'], first: [full] },
			{ times: ['10:00'], first: [diff] },
		]);
		expect(timesByRivals(schedule({ kind: 'event', trigger: 'startup' }), [full])).toEqual([]);
	});
});
