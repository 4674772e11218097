import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { occurrences } from '../../../src/definition/plan/occurrences.ts';
import { dateTests } from '../../../src/extension/schedule/date-tests.ts';
import { schedule, timings } from '../../unit/extension/schedule/sample-schedules.ts';

/** Ends of months and years, both kinds of February, and the nights in which Europe's clocks change. */
const spans = [
	['2026-11-24', 45],
	['2027-02-22', 12],
	['2028-02-22', 12],
	['2027-03-25', 10],
] as const;
const zone = 'Europe/Berlin';

/** Days on which the tests hold, as a real shell and GNU date find: `date` is told what day it is. */
function daysByShell(tests: readonly string[]): string[] {
	const script = `
date() {
	case "$1" in
	-d) case "$2" in [0-9][0-9][0-9][0-9]-*) command date -d "$2" "$3" ;; *) command date -d "$today $2" "$3" ;; esac ;;
	*) command date -d "$today 12:00" "$1" ;;
	esac
}
for today in ${consideredDays().join(' ')}; do
	if ${['true', ...tests].join(' && ')}; then echo $today; fi
done`;
	const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { ...process.env, TZ: zone } });
	expect(stderr).toBe('');
	return stdout.split('\n').filter((line) => line !== '');
}

function consideredDays(): string[] {
	return spans.flatMap(([from, count]) =>
		Array.from({ length: count }, (_, day) => new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10)),
	);
}

function daysByPlan(...parameters: Parameters<typeof schedule>): string[] {
	const considered = consideredDays();
	const last = Date.parse(considered.toSorted().at(-1)!) + 2 * 86_400_000;
	const found = new Set<string>();
	for (const time of occurrences(schedule(...parameters), Date.parse('2026-11-01'), zone)) {
		if (time > last) break;
		// The Swedish way of writing a date is that of ISO 8601.
		found.add(new Date(time).toLocaleDateString('sv', { timeZone: zone }));
	}
	return considered.filter((day) => found.has(day));
}

describe('dateTests, judged by a shell with GNU date', () => {
	it.each(timings)('%s', (_, timing, startDate) => {
		expect(daysByShell(dateTests(schedule(timing, 'inc', startDate)))).toEqual(daysByPlan(timing, 'inc', startDate));
	});
});
