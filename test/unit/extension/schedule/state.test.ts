import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { rootRunsEarlier, scheduleState } from '../../../../src/extension/schedule/state.ts';
import { digestOf, systemdUnits } from '../../../../src/extension/schedule/systemd.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { program, schedule, scheduledWith } from './sample-schedules.ts';

const daily = schedule({ kind: 'daily', time: '09:00', interval: 1 });

afterEach(() => vi.unstubAllEnvs());

/** A definition whose first schedule is installed for the user. */
function installed(runtime = process.execPath) {
	const config = tempFolder();
	vi.stubEnv('XDG_CONFIG_HOME', config);
	const path = join(config, 'a.xml');
	writeFileSync(path, 'one');
	const units = join(config, 'systemd/user');
	mkdirSync(units, { recursive: true });
	const also = { path, digest: digestOf(Buffer.from('one')), program: { ...program, runtime, script: runtime } };
	for (const { name, text } of systemdUnits(scheduledWith([daily], {}, also), 'user')) {
		writeFileSync(join(units, name), text);
	}
	return path;
}

it('tells which schedules run by themselves', async () => {
	const path = installed();
	expect(await scheduleState(path, 1, 'inc')).toEqual({ kind: 'installed', scope: 'user' });
	expect(await scheduleState(path, 2, 'inc')).toEqual({ kind: 'none' });
	expect(await scheduleState(path, 1, 'full')).toEqual({ kind: 'none' });
	expect(await scheduleState('/other.xml', 1, 'inc')).toEqual({ kind: 'none' });
	// What the user runs is the file itself.
	writeFileSync(path, 'two');
	expect(await scheduleState(path, 1, 'inc')).toEqual({ kind: 'installed', scope: 'user' });
	expect(await rootRunsEarlier(path)).toBe(false);
});

it('tells that a schedule starts what is no longer there', async () => {
	const path = installed('/no/such/node');
	expect(await scheduleState(path, 1, 'inc')).toEqual({ kind: 'broken', missing: '/no/such/node' });
});
