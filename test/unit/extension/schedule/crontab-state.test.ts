import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { crontabLines } from '../../../../src/extension/schedule/cron.ts';
import { scheduleIn } from '../../../../src/extension/schedule/crontab-state.ts';
import { crontabCommand } from '../../../../src/extension/schedule/install-command.ts';
import { isInstalled, scheduleState } from '../../../../src/extension/schedule/state.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { definitionWith, program, schedule } from './sample-schedules.ts';

const path = "/home/me/Peter's 100%.xml";
const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 });
const weekly = schedule({ kind: 'weekly', days: ['monday'], time: '09:00', interval: 1 }, 'full');
const logOn = schedule({ kind: 'event', trigger: 'log_on' }, 'diff');
const lines = (...schedules: Parameters<typeof definitionWith>[0]) =>
	crontabLines(definitionWith(schedules), path, path, program);

afterEach(() => vi.unstubAllEnvs());

/** A computer whose user has this crontab, and no systemd. */
function withCrontab(text: string): void {
	const folder = tempFolder();
	writeFileSync(join(folder, 'crontab'), `#!/bin/sh\n[ "$1" = -l ] && cat '${folder}/table'\n`);
	writeFileSync(join(folder, 'table'), text);
	chmodSync(join(folder, 'crontab'), 0o755);
	vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
	vi.stubEnv('XDG_CONFIG_HOME', folder);
}

it('finds the schedules of a definition among other lines', () => {
	const crontab = `0 5 * * * other --type full x\n${lines(weekly, daily, logOn)}@reboot other\n`;
	const found = { program: [program.runtime, program.script] };
	expect(scheduleIn(crontab, path, 1, 'full')).toEqual(found);
	expect(scheduleIn(crontab, path, 2, 'inc')).toEqual(found);
	expect(scheduleIn(crontab, path, 1, 'inc')).toBeUndefined();
	expect(scheduleIn(crontab, path, 3, 'diff'), 'cron knows no log-on').toBeUndefined();
	expect(scheduleIn(crontab, '/home/me/other.xml', 1, 'full')).toBeUndefined();
});

it('finds them in lines of earlier versions by their type', () => {
	const earlier = lines(weekly, daily).replace(/^# X-Afterimage .*\n/m, '');
	expect(scheduleIn(earlier, path, 3, 'inc')).toEqual({ program: [] });
	expect(scheduleIn(earlier, path, 1, 'diff')).toBeUndefined();
});

it('finds lines of the first version, which have no marks, by what they run', () => {
	const job = `0 9 * * 1 /usr/bin/node /x/afterimage.mjs backup '/home/me/Peter'\\''s 100\\%.xml' --type full`;
	const crontab = `# Afterimage: PC\n${job}\n0 5 * * * other\n`;
	expect(scheduleIn(crontab, path, 1, 'full')).toEqual({ program: [] });
	expect(scheduleIn(crontab, path, 2, 'inc')).toBeUndefined();
	expect(scheduleIn(crontab, '/home/me/other.xml', 1, 'full')).toBeUndefined();
});

it.each([
	['a mark that is none', '# X-Afterimage {"program":5,"schedules":[1,', '# X-Afterimage '],
	['a mark of something else', '# X-Afterimage null', '# X-Afterimage '],
])('finds nothing by %s', (_, mark) => {
	expect(scheduleIn(lines(weekly).replace(/^# X-Afterimage .*$/m, mark), path, 1, 'full')).toBeUndefined();
});

it('does not take lines for in force that somebody has commented out, or whose end is gone', () => {
	expect(scheduleIn(lines(weekly).replace(/^0 /m, '#0 '), path, 1, 'full')).toBeUndefined();
	expect(scheduleIn(lines(weekly).replace(/^# Afterimage \w+ ends$/m, ''), path, 1, 'full')).toBeUndefined();
});

describe('the state of a schedule', () => {
	it('is that of the crontab of the user', async () => {
		const there = { runtime: process.execPath, script: process.execPath, electron: false };
		withCrontab(crontabLines(definitionWith([daily]), path, path, there));
		expect(await scheduleState(path, 1, 'inc')).toEqual({ kind: 'installed', scope: 'cron' });
		expect(await scheduleState(path, 2, 'inc')).toEqual({ kind: 'none' });
		expect(await isInstalled(path)).toBe(true);
		expect(await isInstalled('/other.xml')).toBe(false);
	});

	it('tells what is no longer there', async () => {
		withCrontab(crontabLines(definitionWith([daily]), path, path, { ...program, runtime: '/no/such/node' }));
		expect(await scheduleState(path, 1, 'inc')).toEqual({ kind: 'broken', missing: '/no/such/node' });
	});
});

it.runIf(process.getuid?.() === 0 && existsSync('/usr/bin/crontab') && existsSync('/etc/passwd'))(
	'reads back what crontab(1) itself has taken',
	() => {
		const folder = tempFolder();
		mkdirSync(folder, { recursive: true });
		const file = join(folder, 'lines');
		writeFileSync(file, lines(weekly, daily));
		const nobody = ['-u', 'nobody'];
		const command = (words: string) => words.replaceAll('crontab -', 'crontab -u nobody -');
		try {
			execFileSync('sh', ['-c', command(crontabCommand(path, file, undefined))]);
			const crontab = execFileSync('crontab', [...nobody, '-l'], { encoding: 'utf8' });
			expect(scheduleIn(crontab, path, 2, 'inc')).toBeDefined();
			execFileSync('sh', ['-c', command(crontabCommand(path, undefined, undefined))]);
			expect(execFileSync('crontab', [...nobody, '-l'], { encoding: 'utf8' })).not.toContain('Afterimage');
		} finally {
			execFileSync('crontab', [...nobody, '-r']);
		}
	},
);
