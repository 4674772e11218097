import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { systemdUnits } from '../../../../src/extension/schedule/systemd.ts';
import { changeUserTimers } from '../../../../src/extension/schedule/user-timers.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { schedule, scheduledWith } from './sample-schedules.ts';

afterEach(() => vi.unstubAllEnvs());

/** A systemctl(1) that writes down how it is called, and a folder for units. */
function manager(script = '') {
	const home = tempFolder();
	const bin = join(home, 'bin');
	mkdirSync(bin);
	writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\nshift; echo "$@" >> ${home}/calls\n${script}\n`);
	chmodSync(join(bin, 'systemctl'), 0o755);
	vi.stubEnv('XDG_CONFIG_HOME', home);
	vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
	return {
		units: join(home, 'systemd/user'),
		calls: () => readFileSync(join(home, 'calls'), 'utf8').trim().split('\n'),
	};
}

const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 });
const atStart = schedule({ kind: 'event', trigger: 'log_on' });

it('takes timers away with their time of the last run, and starts only those that have a time', async () => {
	const { units, calls } = manager();
	const made = systemdUnits(scheduledWith([daily, atStart]), 'user');
	const [first, second] = made.filter(({ name }) => name.endsWith('.timer')).map(({ name }) => name);
	mkdirSync(units, { recursive: true });
	for (const name of ['old.timer', 'old.service']) writeFileSync(join(units, name), '');
	await changeUserTimers(made, ['old']);
	expect(calls()).toEqual([
		'disable --now old.timer',
		'clean --what=state old.timer',
		'daemon-reload',
		`enable ${first} ${second}`,
		`start ${first}`,
	]);
	expect(existsSync(join(units, 'old.timer')) || existsSync(join(units, 'old.service'))).toBe(false);
	for (const { name, text } of made) expect(readFileSync(join(units, name), 'utf8')).toBe(text);
});

it('removes what is not loaded, and says what systemctl says', async () => {
	const { units, calls } = manager('case "$1" in disable|clean) exit 1;; enable) echo "No room" >&2; exit 1;; esac');
	mkdirSync(units, { recursive: true });
	writeFileSync(join(units, 'old.service'), '');
	await changeUserTimers([], ['old']);
	expect(existsSync(join(units, 'old.service'))).toBe(false);
	expect(calls().at(-1)).toBe('daemon-reload');
	await expect(changeUserTimers(systemdUnits(scheduledWith([daily]), 'user'), [])).rejects.toMatchObject({
		code: 'failed',
		message: expect.stringMatching(/^systemctl --user enable afterimage-.*: No room$/) as string,
	});
});
