import type { BackupDefinition, Schedule, Timing } from '../../../../src/definition/model.ts';
import { readDefinition } from '../../../../src/definition/read.ts';
import { parseXml } from '../../../../src/definition/xml/parse.ts';
import type { Program } from '../../../../src/extension/schedule/program.ts';
import type { Scheduled } from '../../../../src/extension/schedule/systemd.ts';

export const program: Program = {
	runtime: '/usr/bin/node',
	electron: false,
	script: '/opt/after image/afterimage.mjs',
};

export function schedule(timing: Timing, backupType: Schedule['backupType'] = 'inc', startDate?: string): Schedule {
	return { backupType, enable: true, startDate, timing };
}

/** Every kind of timing, the awkward ones included. */
export const timings: readonly (readonly [string, Timing, string | undefined])[] = [
	['once', { kind: 'once', date: '2027-03-28', time: '02:30' }, undefined],
	['daily', { kind: 'daily', time: '09:00', interval: 1 }, undefined],
	['every third day', { kind: 'daily', time: '09:00', interval: 3 }, '2026-11-24'],
	['every third day without a start', { kind: 'daily', time: '09:00', interval: 3 }, undefined],
	['weekly', { kind: 'weekly', days: ['monday', 'wednesday'], time: '23:15', interval: 1 }, undefined],
	['every second week', { kind: 'weekly', days: ['sunday', 'monday'], time: '08:05', interval: 2 }, '2026-12-02'],
	['day 15', { kind: 'monthly', day: 15, time: '12:00', interval: 1 }, undefined],
	['day 29', { kind: 'monthly', day: 29, time: '12:00', interval: 1 }, undefined],
	['day 30', { kind: 'monthly', day: 30, time: '12:00', interval: 1 }, undefined],
	['day 31', { kind: 'monthly', day: 31, time: '12:00', interval: 1 }, undefined],
	['last day', { kind: 'monthly', day: 'last', time: '00:00', interval: 1 }, undefined],
	['last day of every third month', { kind: 'monthly', day: 'last', time: '12:00', interval: 3 }, '2026-08-15'],
	[
		'first Monday',
		{ kind: 'monthly_weekday', week: 'first', weekday: 'monday', time: '09:00', interval: 1 },
		undefined,
	],
	[
		'fourth Sunday',
		{ kind: 'monthly_weekday', week: 'fourth', weekday: 'sunday', time: '09:00', interval: 1 },
		undefined,
	],
	[
		'last Sunday, in March at a time that the clock skips',
		{ kind: 'monthly_weekday', week: 'last', weekday: 'sunday', time: '02:30', interval: 1 },
		undefined,
	],
	['last Friday', { kind: 'monthly_weekday', week: 'last', weekday: 'friday', time: '18:00', interval: 1 }, undefined],
	[
		'last Friday of every second month',
		{ kind: 'monthly_weekday', week: 'last', weekday: 'friday', time: '18:00', interval: 2 },
		'2026-01-01',
	],
	[
		'every 25 minutes of a working day',
		{
			kind: 'intradaily',
			minutes: 25,
			from: '09:00',
			until: '12:00',
			days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
		},
		undefined,
	],
];

export function definitionWith(schedules: readonly Schedule[], more: Partial<BackupDefinition['scheduling']> = {}) {
	const blank = readDefinition(parseXml('<backup_definition/>')).definition;
	const scheduling = { ...blank.scheduling, ...more, schedules };
	return { ...blank, name: 'My “disk” 100 % & more', scheduling } satisfies BackupDefinition;
}

/** A definition of these schedules as units are made of it, on a Tuesday. */
export function scheduledWith(
	schedules: readonly Schedule[],
	more: Partial<BackupDefinition['scheduling']> = {},
	also: Partial<Scheduled> = {},
): Scheduled {
	const path = '/home/me/100%/a.xml';
	const now = Date.parse('2026-11-24T12:00:00Z');
	return {
		definition: definitionWith(schedules, more),
		path,
		run: path,
		digest: '0123456789abcdef',
		program,
		now,
		...also,
	};
}
