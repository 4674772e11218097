import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Timing } from '../../../../src/definition/model.ts';
import { windowsTasks } from '../../../../src/extension/schedule/task-scheduler.ts';
import { definitionWith, program, schedule, timings } from './sample-schedules.ts';

const windows = { ...program, runtime: 'C:\\Program Files\\node.exe', script: 'C:\\a b\\afterimage.mjs' };
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });

interface Task {
	Task: {
		Triggers: Record<string, unknown>;
		Actions: { Exec: { Command: string; Arguments: string } };
		Settings: Record<string, string>;
		Principals: { Principal: { UserId: string } };
	};
}

function taskOf(timing: Timing, startDate?: string, electron = false, path = 'C:\\d "1"\\x.xml') {
	const definition = definitionWith([schedule(timing, 'inc', startDate)]);
	const [task] = windowsTasks(definition, path, { ...windows, electron }, 'PC\\me & you', 'S4U');
	return (parser.parse(task!.text, true) as Task).Task;
}

describe('windowsTasks', () => {
	it('is well-formed XML for every kind of timing', () => {
		for (const [, timing, startDate] of timings) {
			expect(Object.keys(taskOf(timing, startDate).Triggers)).not.toEqual([]);
		}
	});

	it('quotes arguments as Windows programs read them', () => {
		const { Actions, Principals } = taskOf({ kind: 'daily', time: '09:00', interval: 1 });
		expect(Actions.Exec.Command).toBe('C:\\Program Files\\node.exe');
		expect(Actions.Exec.Arguments).toBe(
			'"C:\\a b\\afterimage.mjs" backup "C:\\d \\"1\\"\\x.xml" --type inc --wait 24h',
		);
		expect(Principals.Principal.UserId).toBe('PC\\me & you');
	});

	it('runs Electron as Node through the command interpreter, and refuses what that would change', () => {
		const daily = { kind: 'daily', time: '09:00', interval: 1 } as const;
		const { Exec } = taskOf(daily, undefined, true, 'C:\\d & e\\x.xml').Actions;
		expect(Exec.Command).toBe('%SystemRoot%\\System32\\cmd.exe');
		expect(Exec.Arguments).toBe(
			'/d /v:off /s /c "set ELECTRON_RUN_AS_NODE=1&& "C:\\Program Files\\node.exe" "C:\\a b\\afterimage.mjs" "backup" "C:\\d & e\\x.xml" "--type" "inc" "--wait" "24h""',
		);
		expect(() => taskOf(daily, undefined, true, 'C:\\100%\\x.xml')).toThrow('percent');
	});

	it('begins lesser types some seconds later, so that the greater one has the folder', () => {
		const { Triggers } = taskOf({ kind: 'daily', time: '09:00', interval: 1 }, '2026-11-24');
		expect(Triggers).toEqual({
			CalendarTrigger: { StartBoundary: '2026-11-24T09:00:20', ScheduleByDay: { DaysInterval: '1' } },
		});
	});

	it('ends the repetition with the last run of the day', () => {
		const days = ['monday'] as const;
		const { Triggers } = taskOf({ kind: 'intradaily', minutes: 25, from: '09:00', until: '10:00', days });
		expect(Triggers).toMatchObject({
			CalendarTrigger: { Repetition: { Interval: 'PT25M', Duration: 'PT51M', StopAtDurationEnd: 'false' } },
		});
	});

	it('runs day 30 on the last day of February', () => {
		const { Triggers } = taskOf({ kind: 'monthly', day: 30, time: '09:00', interval: 1 });
		const [most, february] = Triggers['CalendarTrigger'] as { ScheduleByMonth: Record<string, unknown> }[];
		expect(most!.ScheduleByMonth['DaysOfMonth']).toEqual({ Day: '30' });
		expect(most!.ScheduleByMonth['Months']).not.toHaveProperty('February');
		expect(february!.ScheduleByMonth).toEqual({ DaysOfMonth: { Day: 'Last' }, Months: { February: '' } });
	});

	it('counts months from the start date, and refuses what a year does not hold evenly', () => {
		const quarterly = { kind: 'monthly', day: 1, time: '09:00', interval: 3 } as const;
		expect(taskOf(quarterly, '2026-11-24').Triggers).toMatchObject({
			CalendarTrigger: { ScheduleByMonth: { Months: { February: '', May: '', August: '', November: '' } } },
		});
		expect(() => taskOf({ ...quarterly, interval: 5 })).toThrow(/every 5 months/);
	});

	it('refuses intervals that are longer than a task can have', () => {
		expect(() => taskOf({ kind: 'daily', time: '09:00', interval: 366 })).toThrow('every 366 days');
		const days = ['monday'] as const;
		expect(() => taskOf({ kind: 'weekly', days, time: '09:00', interval: 53 })).toThrow('every 53 weeks');
	});

	it('starts at boot and at log-on', () => {
		expect(taskOf({ kind: 'event', trigger: 'startup' }).Triggers).toEqual({ BootTrigger: { Delay: 'PT1M' } });
		expect(taskOf({ kind: 'event', trigger: 'log_on' }).Triggers).toEqual({ LogonTrigger: { Delay: 'PT1M' } });
	});
});
