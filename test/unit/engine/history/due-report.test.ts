import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { RunRecord, RunningRun } from '../../../../src/protocol/jobs.ts';
import { dueReport, dueReports, type KnownRuns } from '../../../../src/engine/history/due-report.ts';
import { isRunOf } from '../../../../src/engine/history/is-run-of.ts';
import { keptRuns } from '../../../../src/engine/history/run-log.ts';
import { knownSince } from '../../../../src/engine/history/list-runs.ts';
import { runName, runTime } from '../../../../src/engine/history/run-lines.ts';
import { rootDefinition } from '../../../../src/extension/schedule/root-definition.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { run, setUp, summary } from './set-up.ts';

const scheduling = `<scheduling time_zone="Europe/Berlin">
	<schedule backup_type="full"><monthly day="1" time="09:00"/></schedule>
	<schedule backup_type="inc"><daily time="09:00"/></schedule>
</scheduling>`;

/** A definition that was written on the first of March, before nine. */
function definition(): string {
	const path = join(tempFolder(), 'pc.xml');
	writeFileSync(
		path,
		`<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1"><name>PC</name>
			<sources><raw_file path="/disk.img"/></sources><destination><folder>/backups</folder></destination>${scheduling}
		</backup_definition>`,
	);
	const written = new Date('2026-03-01T00:00Z');
	utimesSync(path, written, written);
	return path;
}

function record(path: string, started: string, more: Partial<RunRecord> = {}): RunRecord {
	const ended = new Date(Date.parse(started) + 60_000).toISOString();
	const fixed = {
		kind: 'backup' as const,
		bytesRead: 0,
		bytesWritten: 0,
		files: [],
		type: 'inc',
		outcome: 'success' as const,
	};
	return { id: started, title: 'Back up PC', definition: path, started, ended, summary: 'done', ...fixed, ...more };
}

const now = Date.parse('2026-03-10T12:00Z');

function kinds(path: string, known: Partial<KnownRuns>): string[] {
	const all = { now, upSince: 0, records: [], running: [], knownSince: undefined, ...known };
	return dueReport(path, undefined, all).schedules.map(({ kind }) => kind);
}

it('knows a run during which the clock was set back by its end', () => {
	const path = definition();
	const records = [record(path, '2099-01-01T00:00:00.000Z', { made: 'full', ended: '2026-03-10T08:30:00.000Z' })];
	expect(kinds(path, { records })).toEqual(['made', 'made']);
});

it('tells each schedule in words, with its times, and how the last run went', () => {
	const path = definition();
	const failed = record(path, '2026-03-10T08:00:05.000Z', {
		outcome: 'failed',
		summary: '/backups is gone',
		logPath: '/l',
	});
	const made = record(path, '2026-03-02T08:00:05.000Z', { made: 'full' });
	const others = record('/other.xml', '2026-03-10T09:00:00.000Z', { made: 'full' });
	const records = [others, failed, made];
	expect(dueReport(path, undefined, { now, upSince: 0, records, running: [], knownSince: undefined })).toEqual({
		definition: path,
		name: 'PC',
		zone: 'Europe/Berlin',
		schedules: [
			{
				number: 1,
				type: 'full',
				when: 'Day 1 of the month at 09:00',
				kind: 'made',
				lastDue: '2026-03-01T08:00:00.000Z',
				lastMade: '2026-03-02T08:00:05.000Z',
			},
			{
				number: 2,
				type: 'inc',
				when: 'Every day at 09:00',
				kind: 'overdue',
				lastDue: '2026-03-10T08:00:00.000Z',
				lastMade: '2026-03-02T08:00:05.000Z',
				missedSince: '2026-03-03T08:00:00.000Z',
			},
		],
		lastRun: { started: failed.started, outcome: 'failed', summary: '/backups is gone', logPath: '/l' },
	});
});

it('counts what was made by runs that failed afterwards, and of earlier versions those that succeeded', () => {
	const path = definition();
	const started = '2026-03-10T08:00:05.000Z';
	expect(kinds(path, { records: [record(path, started, { outcome: 'failed', made: 'inc' })] })).toEqual([
		'overdue',
		'made',
	]);
	expect(kinds(path, { records: [record(path, started, { outcome: 'failed' })] })).toEqual(['overdue', 'overdue']);
	expect(kinds(path, { records: [record(path, started, { outcome: 'warning' })] })).toEqual(['overdue', 'made']);
	expect(kinds(path, { records: [record(path, started, { type: 'auto', made: 'full' })] })).toEqual(['made', 'made']);
});

it('takes a run that has not ended for one that may still make it', () => {
	const path = definition();
	const running: RunningRun[] = [
		{
			id: 'a',
			title: '',
			kind: 'backup',
			definition: path,
			type: 'inc',
			started: '2026-03-10T08:00:05.000Z',
			logPath: '/l',
		},
	];
	expect(kinds(path, { running })).toEqual(['overdue', 'running']);
});

it('waits as long as it is told', () => {
	const facts = { now: Date.parse('2026-03-01T09:00Z'), upSince: 0, records: [], running: [], knownSince: undefined };
	const path = definition();
	expect(dueReport(path, 60 * 60_000, facts).schedules[1]!.kind).toBe('overdue');
	expect(dueReport(path, 60 * 60_000 + 1, facts).schedules[1]!.kind).toBe('due');
});

it('tells of a broken definition beside the others', () => {
	const broken = join(tempFolder(), 'broken.xml');
	writeFileSync(broken, '<backup_definition>');
	const path = definition();
	const known = { now, upSince: 0, records: [], running: [], knownSince: undefined };
	const { reports, failures } = dueReports([broken, path], undefined, known);
	expect(reports.map((report) => report.definition)).toEqual([path]);
	expect(failures).toMatchObject([{ code: 'invalid-definition' }]);
});

it('knows runs of root’s copy, and on Windows a path however it is written', () => {
	const path = '/home/jane/Mein PC.xml';
	expect(isRunOf({ definition: rootDefinition('Any name', path) }, path, 'linux')).toBe(true);
	expect(isRunOf({ definition: rootDefinition('Any name', '/home/john/Mein PC.xml') }, path, 'linux')).toBe(false);
	expect(isRunOf({ definition: '/home/jane/mein pc.xml' }, path, 'linux')).toBe(false);
	expect(isRunOf({ definition: 'C:\\Users\\PC.xml' }, 'c:\\users\\pc.xml', 'win32')).toBe(true);
	expect(isRunOf({}, path)).toBe(false);
});

it('keeps what a run has made in its log, also when it fails afterwards', async () => {
	const { control, history } = setUp();
	const told: string[] = [];
	const failing = history.record(
		run,
		{ ...control, onMade: (type) => told.push(type) },
		async (inner) => {
			inner.onMade?.('full');
			throw new AfterimageError('image-damaged', 'An older backup is damaged');
		},
		() => summary,
	);
	await expect(failing).rejects.toThrow('damaged');
	expect(history.list(1)).toMatchObject([{ outcome: 'failed', made: 'full', type: 'inc' }]);
	expect(told).toEqual(['full']);
});

it('tells what is due by its own runs, those of its own process too', async () => {
	const path = definition();
	const { clock, control, history } = setUp(() => true);
	clock.advance(now - clock.now());
	await history.record(
		{ ...run, definition: path },
		control,
		async () => expect((await history.due([path], 0)).reports[0]!.schedules[1]!.kind).toBe('running'),
		() => summary,
	);
	expect((await history.due([path])).reports[0]!.schedules[1]!.kind).toBe('made');
});

it('knows since when runs are kept once some were removed', () => {
	const folder = tempFolder();
	const first = Date.parse('2026-03-01T12:34:56.789Z');
	const name = (index: number) => runName(new Date(first + index * 1000), '0badcafe');
	expect(runTime(name(0))).toBe(first);
	for (let index = 1; index < keptRuns; index++) writeFileSync(join(folder, `${name(index)}.jsonl`), '');
	expect(knownSince([folder], keptRuns)).toBeUndefined();
	writeFileSync(join(folder, `${name(0)}.jsonl`), '');
	expect(knownSince([folder, '/nowhere'], keptRuns)).toBe(first);
});
