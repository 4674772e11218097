import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { english, translator } from '../../../../src/base/l10n.ts';
import type { Timing } from '../../../../src/definition/model.ts';
import { describeRetention, describeTiming } from '../../../../src/definition/plan/describe.ts';

const german = translator(
	JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../l10n/bundle.l10n.de.json'), 'utf8')) as Record<
		string,
		string
	>,
);

const schedule = (timing: Timing) => ({ backupType: 'inc' as const, enable: true, startDate: undefined, timing });

const timings: readonly (readonly [Timing, string, string])[] = [
	[{ kind: 'once', date: '2026-12-01', time: '09:00' }, 'Once on 2026-12-01 at 09:00', 'Einmal am 2026-12-01 um 09:00'],
	[{ kind: 'daily', time: '09:00', interval: 1 }, 'Every day at 09:00', 'Täglich um 09:00'],
	[{ kind: 'daily', time: '09:00', interval: 3 }, 'Every 3 days at 09:00', 'Alle 3 Tage um 09:00'],
	[
		{ kind: 'weekly', days: ['monday', 'wednesday', 'friday'], time: '09:00', interval: 2 },
		'Monday, Wednesday and Friday of every 2nd week at 09:00',
		'Montag, Mittwoch und Freitag jeder 2. Woche um 09:00',
	],
	[
		{ kind: 'monthly', day: 'last', time: '09:00', interval: 13 },
		'Last day of every 13th month at 09:00',
		'Letzter Tag jedes 13. Monats um 09:00',
	],
	[{ kind: 'monthly', day: 5, time: '09:00', interval: 1 }, 'Day 5 of the month at 09:00', 'Tag 5 des Monats um 09:00'],
	[
		{ kind: 'monthly_weekday', week: 'first', weekday: 'monday', time: '09:00', interval: 1 },
		'First Monday of the month at 09:00',
		'Erster Montag des Monats um 09:00',
	],
	[
		{ kind: 'monthly_weekday', week: 'last', weekday: 'sunday', time: '09:00', interval: 3 },
		'Last Sunday of every 3rd month at 09:00',
		'Letzter Sonntag jedes 3. Monats um 09:00',
	],
	[
		{ kind: 'intradaily', minutes: 15, from: '09:00', until: '17:00', days: ['monday', 'tuesday', 'wednesday'] },
		'Every 15 minutes from 09:00 to 17:00, Monday to Wednesday',
		'Alle 15 Minuten von 09:00 bis 17:00, Montag bis Mittwoch',
	],
	[{ kind: 'event', trigger: 'log_on' }, 'When somebody logs on', 'Wenn sich jemand anmeldet'],
];

describe('schedules in words', () => {
	it.each(timings)('%o', (timing, words, translated) => {
		expect(describeTiming(schedule(timing), english)).toBe(words);
		expect(describeTiming(schedule(timing), german)).toBe(translated);
	});
});

describe('retention rules in words', () => {
	it('count backups, days, weeks or months', () => {
		const rule = (interval: number, period: 'count' | 'days' | 'weeks' | 'months') => ({
			enable: true,
			interval,
			period,
		});
		expect(describeRetention(rule(1, 'count'), 'full', english)).toBe('Retain 1 full image');
		expect(describeRetention(rule(12, 'count'), 'inc', english)).toBe('Retain 12 incremental images');
		expect(describeRetention(rule(1, 'weeks'), 'diff', english)).toBe('Retain differential images of 1 week');
		expect(describeRetention(rule(4, 'months'), 'diff', english)).toBe('Retain differential images of 4 months');
		expect(describeRetention(rule(14, 'days'), 'inc', german)).toBe('inkrementelle Abbilder von 14 Tagen aufbewahren');
		expect(describeRetention({ ...rule(1, 'days'), enable: false }, 'inc', german)).toBe('Alle aufbewahren');
	});
});
