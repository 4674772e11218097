import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../../src/definition/model.ts';
import { systemdUnits } from '../../../../src/extension/schedule/systemd.ts';
import { definitionWith, program, schedule } from './sample-schedules.ts';

const monthlyFull = schedule(
	{ kind: 'monthly_weekday', week: 'first', weekday: 'monday', time: '09:00', interval: 1 },
	'full',
);
const mondayDiff = schedule({ kind: 'weekly', days: ['monday'], time: '09:00', interval: 1 }, 'diff');
const dailyInc = schedule({ kind: 'daily', time: '09:00', interval: 1 }, 'inc');

function units(schedules: readonly Schedule[], scope: 'user' | 'system' = 'user') {
	const made = systemdUnits(definitionWith(schedules), '/home/me/100%/a.xml', program, scope);
	return new Map(made.map(({ name, text }) => [name, text]));
}

describe('systemdUnits', () => {
	it('makes a timer and a service for each schedule in force, named by its number', () => {
		const names = [...units([monthlyFull, { ...mondayDiff, enable: false }, dailyInc]).keys()];
		expect(names).toEqual([
			'afterimage-my-disk-100-more-1-full.timer',
			'afterimage-my-disk-100-more-1-full.service',
			'afterimage-my-disk-100-more-3-inc.timer',
			'afterimage-my-disk-100-more-3-inc.service',
		]);
	});

	it('quotes the command line and doubles percent signs', () => {
		const service = units([dailyInc]).get('afterimage-my-disk-100-more-1-inc.service');
		expect(service).toContain(
			'ExecStart=/usr/bin/node "/opt/after image/afterimage.mjs" backup /home/me/100%%/a.xml --type inc\n',
		);
		expect(service).toContain('Description=Incremental backup of My “disk” 100 %% & more\n');
	});

	it('lets the lesser of two at the same minute wait for the other, and skip its day', () => {
		const made = units([monthlyFull, mondayDiff, dailyInc]);
		const inc = made.get('afterimage-my-disk-100-more-3-inc.service')!;
		expect(inc).toContain(
			'After=afterimage-my-disk-100-more-1-full.service afterimage-my-disk-100-more-2-diff.service\n',
		);
		expect(inc.match(/^ExecCondition=/gm)).toHaveLength(2);
		expect(made.get('afterimage-my-disk-100-more-1-full.service')).not.toContain('ExecCondition');
	});

	it('catches up on missed runs as the definition says', () => {
		const timerOf = (missedRuns: 'run_once' | 'skip') =>
			systemdUnits(definitionWith([dailyInc], { missedRuns }), '/d.xml', program, 'user')[0]!.text;
		expect(timerOf('run_once')).toContain('Persistent=true\n');
		expect(timerOf('skip')).toContain('Persistent=false\n');
	});

	it('counts startup from the boot of the system, or from the start of the user’s manager', () => {
		const event = schedule({ kind: 'event', trigger: 'startup' });
		expect(units([event], 'system').get('afterimage-my-disk-100-more-1-inc.timer')).toContain('OnBootSec=1min');
		expect(units([event], 'user').get('afterimage-my-disk-100-more-1-inc.timer')).toContain('OnStartupSec=1min');
	});

	it('tells Electron to behave as Node', () => {
		const [, service] = systemdUnits(definitionWith([dailyInc]), '/d.xml', { ...program, electron: true }, 'user');
		expect(service!.text).toContain('Environment=ELECTRON_RUN_AS_NODE=1\n');
	});
});
