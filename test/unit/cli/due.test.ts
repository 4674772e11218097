import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DueReport, DueSchedule } from '../../../src/protocol/due.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { run } from './run-on-engine.ts';

const inc = { number: 2, type: 'inc' as const, when: 'Every day at 09:00', lastDue: '2026-03-10T08:00:00.000Z' };
const made: DueSchedule = { ...inc, kind: 'made', lastMade: '2026-03-10T08:00:05.000Z' };
const overdue: DueSchedule = { ...inc, kind: 'overdue', missedSince: '2026-03-07T08:00:00.000Z' };

function report(name: string, schedules: readonly DueSchedule[], more: Partial<DueReport> = {}): DueReport {
	return { definition: `/d/${name}.xml`, name, zone: 'Europe/Berlin', schedules, ...more };
}

const reports = (...of: Parameters<typeof report>) => ({ reports: [report(...of)], failures: [] });

it('ends with 0 when every backup was made, and lists them by the clock of their definition', async () => {
	const { code, out } = await run(['due', '/d/PC.xml'], () => reports('PC', [made]));
	expect(code).toBe(0);
	expect(out.split('\n')).toEqual([
		'Definition  Type         When                Last due          Last made         State',
		'PC          Incremental  Every day at 09:00  2026-03-10 09:00  2026-03-10 09:00  made',
		'',
	]);
});

it('ends with 9 when one is overdue, and says why and what to do', async () => {
	const never = await run(['due', '/d/PC.xml'], () => reports('PC', [made, overdue]));
	expect(never.code).toBe(9);
	expect(never.out).toMatch(
		/ {2}overdue since 2026-03-07 09:00\n\nPC: nothing has run since\. .*\n {2}Run it now: afterimage backup \/d\/PC\.xml\n$/,
	);
	const lastRun = {
		started: '2026-03-10T08:00:00.000Z',
		outcome: 'failed' as const,
		summary: '/b is gone',
		logPath: '/l.log',
	};
	const failing = await run(['due', '/d/PC.xml'], () => reports('PC', [overdue], { lastRun }));
	expect(failing.out).toMatch(/\n\nPC: the run of 2026-03-10 09:00 failed: \/b is gone\n {2}Log: \/l\.log\n$/);
	const others = { ...lastRun, outcome: 'success' as const };
	expect((await run(['due', '/d/PC.xml'], () => reports('PC', [overdue], { lastRun: others }))).out).toMatch(
		/others were made since\. Is/,
	);
	const before = { ...lastRun, started: '2026-03-06T08:00:00.000Z' };
	expect((await run(['due', '/d/PC.xml'], () => reports('PC', [overdue], { lastRun: before }))).out).toMatch(
		/nothing has run since/,
	);
});

it('lists with --overdue nothing else, for cron', async () => {
	expect(await run(['due', '/d/PC.xml', '--overdue'], () => reports('PC', [made]))).toMatchObject({
		code: 0,
		out: '',
		err: '',
	});
	const { code, out } = await run(['due', '/d/PC.xml', '--overdue', '--json'], () => reports('PC', [made, overdue]));
	expect(code).toBe(9);
	expect(JSON.parse(out)).toEqual({ type: 'result', definitions: [report('PC', [overdue])] });
});

it('takes every definition of a folder, and tells of a broken one beside the others', async () => {
	const folder = tempFolder();
	mkdirSync(join(folder, 'folder.xml'));
	for (const name of ['b', 'a']) writeFileSync(join(folder, `${name}.xml`), '<backup_definition/>');
	writeFileSync(join(folder, 'else.xml'), '<other/>');
	const { code, out, err, requests } = await run(['due', folder], (files) => ({
		reports: (files as string[]).slice(0, 2).map((file) => report(file, [overdue])),
		failures: [{ code: 'source-missing', message: 'folder.xml is no file' }],
	}));
	expect(requests).toEqual([['a.xml', 'b.xml', 'folder.xml'].map((name) => join(folder, name))]);
	expect(out.match(/overdue since/g)).toHaveLength(2);
	expect(err).toMatch(/^Error: folder\.xml is no file/);
	expect(code).toBe(8);
});

it.each([
	[['due'], /Expected a DEFINITION or FOLDER/],
	[['due', '/d/PC.xml', '--grace', 'soon'], /--grace/],
])('refuses %j', async (args, message) => {
	const { code, err } = await run(args);
	expect(code).toBe(2);
	expect(err).toMatch(message);
});
