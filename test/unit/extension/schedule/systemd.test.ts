import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../../src/definition/model.ts';
import { isForStart, systemdUnits, type UnitScope } from '../../../../src/extension/schedule/systemd.ts';
import { program, schedule, scheduledWith } from './sample-schedules.ts';

const monthlyFull = schedule(
	{ kind: 'monthly_weekday', week: 'first', weekday: 'monday', time: '09:00', interval: 1 },
	'full',
);
const mondayDiff = schedule({ kind: 'weekly', days: ['monday'], time: '09:00', interval: 1 }, 'diff');
const dailyInc = schedule({ kind: 'daily', time: '09:00', interval: 1 }, 'inc');

/** Of the path of the definition. */
const identity = 'bb497def';
const base = `afterimage-my-disk-100-more-${identity}`;

function units(schedules: readonly Schedule[], scope: UnitScope = 'user', ...more: [{ timeZone: string }?]) {
	const made = systemdUnits(scheduledWith(schedules, ...more), scope);
	return new Map(made.map(({ name, text }) => [name, text]));
}

describe('systemdUnits', () => {
	it('makes a timer and a service for each schedule in force, named by its number', () => {
		const names = [...units([monthlyFull, { ...mondayDiff, enable: false }, dailyInc]).keys()];
		expect(names).toEqual([
			`${base}-1-full.timer`,
			`${base}-1-full.service`,
			`${base}-3-inc.timer`,
			`${base}-3-inc.service`,
		]);
	});

	it('quotes the command line and doubles percent signs', () => {
		const service = units([dailyInc]).get(`${base}-1-inc.service`);
		expect(service).toContain(
			'=/usr/bin/node "/opt/after image/afterimage.mjs" backup /home/me/100%%/a.xml --type inc --wait 24h\n',
		);
		expect(service).toContain('Description=Incremental backup of My “disk” 100 %% & more\n');
	});

	it('lets the lesser of two at the same minute skip that day', () => {
		const made = units([monthlyFull, mondayDiff, dailyInc]);
		const inc = made.get(`${base}-3-inc.service`)!;
		expect(inc.match(/^ExecCondition=/gm)).toHaveLength(2);
		expect(inc).not.toContain('After=');
		expect(made.get(`${base}-1-full.service`)).not.toContain('ExecCondition');
	});

	it('skips of several times of a day only the one at which another goes first', () => {
		const days = ['monday', 'tuesday'] as const;
		const often = schedule({ kind: 'intradaily', minutes: 60, from: '08:00', until: '10:00', days }, 'inc');
		const made = units([mondayDiff, often]);
		expect(made.get(`${base}-2-inc.timer`)).toContain('OnCalendar=Mon,Tue *-*-* 08,10:00:00\n');
		expect(made.get(`${base}-2-inc.service`)).not.toContain('ExecCondition');
		expect(made.get(`${base}-2-inc-2.timer`)).toContain('OnCalendar=Mon,Tue *-*-* 09:00:00\n');
		expect(made.get(`${base}-2-inc-2.service`)).toContain('ExecCondition=');
	});

	it('runs one of two of the same type at the same minute', () => {
		const made = units([schedule(mondayDiff.timing, 'full'), schedule(dailyInc.timing, 'full')]);
		expect(made.get(`${base}-1-full.service`)).not.toContain('ExecCondition');
		expect(made.get(`${base}-2-full.service`)).toContain('ExecCondition');
	});

	it('tests days by the clock of the definition', () => {
		const made = units([mondayDiff, dailyInc], 'user', { timeZone: 'Asia/Tokyo' });
		expect(made.get(`${base}-2-inc.service`)).toMatch(/^ExecCondition=.*! \( export TZ=Asia\/Tokyo && /m);
	});

	it('names the days of an interval, so that one that was missed is caught up on', () => {
		const third = schedule({ kind: 'daily', time: '09:00', interval: 3 }, 'inc', '2026-11-24');
		const made = units([third]);
		const timer = made.get(`${base}-1-inc.timer`)!;
		expect(timer).toContain('OnCalendar=2026-11-24,27,30 09:00:00\nOnCalendar=2026-12-03,06,');
		expect(timer).toContain('OnCalendar=2036..2199-*-* 09:00:00\n');
		expect(made.get(`${base}-1-inc.service`)).toContain('-lt 2036 ] || ( ');
	});

	it('tells two definitions of one name apart, and where each is kept', () => {
		const [first, second] = ['/a.xml', '/b.xml'].map((path) =>
			systemdUnits(scheduledWith([dailyInc], {}, { path, run: path }), 'user'),
		);
		expect(first!.map(({ name }) => name)).not.toEqual(second!.map(({ name }) => name));
		expect(second![1]!.text).toContain('[X-Afterimage]\nDefinition="/b.xml"\nDigest="0123456789abcdef"\n');
	});

	it('waits for the network where root may catch up at boot', () => {
		expect(units([dailyInc], 'system').get(`${base}-1-inc.service`)).toContain('After=network-online.target');
		expect(units([dailyInc], 'user').get(`${base}-1-inc.service`)).not.toContain('network');
	});

	it('knows the timers that would run at once if they were started', () => {
		const starts = systemdUnits(scheduledWith([dailyInc, schedule({ kind: 'event', trigger: 'startup' })]), 'user');
		expect(starts.filter(isForStart).map(({ name }) => name)).toEqual([`${base}-2-inc.timer`]);
	});

	it('catches up on missed runs as the definition says', () => {
		const timerOf = (missedRuns: 'run_once' | 'skip') =>
			systemdUnits(scheduledWith([dailyInc], { missedRuns }), 'user')[0]!.text;
		expect(timerOf('run_once')).toContain('Persistent=true\n');
		expect(timerOf('skip')).toContain('Persistent=false\n');
	});

	it('counts startup from the boot of the system, or from the start of the user’s manager', () => {
		const event = schedule({ kind: 'event', trigger: 'startup' });
		expect(units([event], 'system').get(`${base}-1-inc.timer`)).toContain('OnBootSec=1min');
		expect(units([event], 'user').get(`${base}-1-inc.timer`)).toContain('OnStartupSec=1min');
	});

	it('tells Electron to behave as Node', () => {
		const [, service] = systemdUnits(
			scheduledWith([dailyInc], {}, { program: { ...program, electron: true } }),
			'user',
		);
		expect(service!.text).toContain('Environment=ELECTRON_RUN_AS_NODE=1\n');
	});
});
