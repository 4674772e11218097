import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { occurrences } from '../../../src/definition/plan/occurrences.ts';
import { systemdUnits } from '../../../src/extension/schedule/systemd.ts';
import { program, schedule, scheduledWith, timings } from '../../unit/extension/schedule/sample-schedules.ts';

const zone = 'Europe/Berlin';
const base = '2027-02-20 00:00:00 UTC';

function analyze(...args: string[]): string {
	const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
		encoding: 'utf8',
		env: { ...process.env, TZ: 'UTC' },
	});
	expect(status, stderr).toBe(0);
	return stdout;
}

/** The next times of calendar lines, in seconds since 1970, as systemd itself works them out. */
function elapses(expressions: readonly string[], count: number): number[] {
	const text = analyze('calendar', `--iterations=${count}`, `--base-time=${base}`, ...expressions);
	const times = [...text.matchAll(/(?:Next elapse|Iter\. #\d+): \w+ (\S+) (\S+) UTC/g)];
	const all = times.map(([, day, time]) => Date.parse(`${day}T${time}Z`));
	return [...new Set(all)].sort((a, b) => a - b).slice(0, count);
}

function planned(count: number, ...parameters: Parameters<typeof schedule>): number[] {
	const times: number[] = [];
	for (const time of occurrences(schedule(...parameters), Date.parse('2027-02-20T00:00:00Z'), zone)) {
		times.push(time);
		if (times.length === count) break;
	}
	return times;
}

describe('systemd units, judged by systemd-analyze', () => {
	it.each(timings)('%s: its calendar has the times of the plan', (_, timing, start) => {
		const now = Date.parse('2027-02-20T00:00:00Z');
		const [timer] = systemdUnits(
			scheduledWith([schedule(timing, 'inc', start)], { timeZone: zone }, { now }),
			'system',
		);
		const lines = timer!.text.split('\n').filter((line) => line.startsWith('OnCalendar='));
		const expressions = lines.map((line) => line.slice('OnCalendar='.length));
		expect(elapses(expressions, 12)).toEqual(planned(12, timing, 'inc', start));
	});

	it('accepts every unit', () => {
		const folder = mkdtempSync(join(tmpdir(), 'afterimage-units-'));
		try {
			const schedules = timings.map(([, timing, start], index) =>
				schedule(timing, (['inc', 'diff', 'full'] as const)[index % 3], start),
			);
			const events = (['startup', 'log_on'] as const).map((trigger) => schedule({ kind: 'event', trigger }));
			const path = '/home/me/Meine Söhne/100% "backup"/$d.xml';
			const also = { path, run: path, program: { ...program, runtime: process.execPath } };
			const scheduled = scheduledWith([...schedules, ...events], { timeZone: zone }, also);
			for (const scope of ['user', 'system'] as const) {
				const paths = systemdUnits(scheduled, scope).map(({ name, text }) => {
					writeFileSync(join(folder, name), text);
					return join(folder, name);
				});
				expect(paths.length).toBeGreaterThanOrEqual(2 * (timings.length + 2));
				const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
				expect(stderr.split('\n').filter((line) => line.includes('afterimage-'))).toEqual([]);
			}
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});
