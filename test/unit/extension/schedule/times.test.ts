import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMinuteGroups, outranking, timesOfDay, timeText } from '../../../../src/extension/schedule/times.ts';
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

describe('outranking', () => {
	const at = (time: string, type: 'full' | 'diff' | 'inc') => schedule({ kind: 'daily', time, interval: 1 }, type);

	it('is full over differential over incremental, at a common time and in force', () => {
		const full = at('09:00', 'full');
		const diff = at('09:00', 'diff');
		const inc = at('09:00', 'inc');
		const others = [full, diff, inc, at('10:00', 'full'), { ...at('09:00', 'full'), enable: false }];
		expect(outranking(inc, others)).toEqual([full, diff]);
		expect(outranking(diff, others)).toEqual([full]);
		expect(outranking(full, others)).toEqual([]);
	});
});
