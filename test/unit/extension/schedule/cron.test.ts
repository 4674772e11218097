import { describe, expect, it } from 'vitest';
import { crontabLines } from '../../../../src/extension/schedule/cron.ts';
import { definitionWith, program, schedule, timings } from './sample-schedules.ts';

const commandOf = (type: string) =>
	`/usr/bin/node '/opt/after image/afterimage.mjs' backup /d.xml --type ${type} --wait 24h`;
const linesOf = (...parameters: Parameters<typeof definitionWith>) =>
	crontabLines(definitionWith(...parameters), '/home/me/d.xml', '/d.xml', program)
		.trim()
		.split('\n')
		.slice(3, -1);

describe('crontabLines', () => {
	it('needs no test where the fields say it all', () => {
		expect(linesOf([schedule({ kind: 'daily', time: '09:05', interval: 1 })])).toEqual([
			`5 9 * * * ${commandOf('inc')}`,
		]);
		expect(linesOf([schedule({ kind: 'weekly', days: ['monday', 'sunday'], time: '23:00', interval: 1 })])).toEqual([
			`0 23 * * 1,7 ${commandOf('inc')}`,
		]);
	});

	it('joins the times of a day as far as hours and minutes combine', () => {
		const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
		const timing = { kind: 'intradaily', minutes: 20, from: '09:00', until: '10:20', days } as const;
		expect(linesOf([schedule(timing)])).toEqual([
			`0,20 9,10 * * 1,2,3,4,5 ${commandOf('inc')}`,
			`40 9 * * 1,2,3,4,5 ${commandOf('inc')}`,
		]);
	});

	it('escapes every percent sign, which would end the command', () => {
		for (const [, timing, startDate] of timings) {
			for (const line of linesOf([schedule(timing, 'full', startDate)])) expect(line).not.toMatch(/(?<!\\)%/);
		}
	});

	it('lets the lesser of two at the same minute step back', () => {
		const lines = linesOf([
			schedule({ kind: 'weekly', days: ['monday'], time: '09:00', interval: 1 }, 'full'),
			schedule({ kind: 'daily', time: '09:00', interval: 1 }),
			schedule({ kind: 'daily', time: '10:00', interval: 1 }),
		]);
		expect(lines[0]).toBe(`0 9 * * 1 ${commandOf('full')}`);
		expect(lines[1]).toBe(`0 9 * * * ! ( true && date +\\%u | grep -q '[1]' ) && ${commandOf('inc')}`);
		expect(lines[2]).toBe(`0 10 * * * ${commandOf('inc')}`);
	});

	it('has @reboot for startup and says that log-on needs systemd', () => {
		const lines = linesOf([
			schedule({ kind: 'event', trigger: 'startup' }),
			schedule({ kind: 'event', trigger: 'log_on' }),
		]);
		expect(lines[0]).toBe(`@reboot ${commandOf('inc')}`);
		expect(lines[1]).toMatch(/^# cron knows no log-on/);
	});

	it('names the zone of the definition', () => {
		expect(linesOf([schedule({ kind: 'daily', time: '09:00', interval: 1 })], { timeZone: 'Asia/Tokyo' })).toContain(
			'CRON_TZ=Asia/Tokyo',
		);
	});
});
