import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { JobControl } from '../../../../src/engine/engine.ts';
import { openHistory } from '../../../../src/engine/history/history.ts';
import { runName } from '../../../../src/engine/history/run-lines.ts';
import { keptRuns } from '../../../../src/engine/history/run-log.ts';
import type { JobEvent } from '../../../../src/engine/job-events.ts';
import type { ProcessPort } from '../../../../src/engine/ports.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { info, run, self, setUp, summary } from './set-up.ts';

describe('history', () => {
	it('keeps a log for people, one for programs, and an entry', async () => {
		const { folder, clock, control, events, paths, history } = setUp();
		await history.record(
			run,
			control,
			async (inner) => {
				expect(inner.logPath).toBe(paths[0]);
				inner.emit(info('Froze /'));
				clock.advance(1500);
				return 5;
			},
			() => summary,
		);
		expect(events).toEqual([info('Froze /')]);
		const [record] = history.list(10);
		expect(record).toMatchObject({ ...run, ...summary, outcome: 'success', logPath: paths[0] });
		expect(Date.parse(record!.ended) - Date.parse(record!.started)).toBe(1500);
		const text = readFileSync(record!.logPath!, 'utf8');
		for (const part of ['Back up PC', '/d/pc.xml', 'Froze /', 'Success: 1 GB written', '/i/a.mrimgx']) {
			expect(text).toContain(part);
		}
		const lines = readFileSync(join(folder, `${record!.id}.jsonl`), 'utf8')
			.trimEnd()
			.split('\n');
		expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['start', 'log', 'end']);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(statSync(record!.logPath!).mode & 0o777).toBe(0o600);
	});

	it('writes nothing when a phase begins, which may be while its file system is frozen', async () => {
		const { control, history } = setUp();
		const progress: JobEvent = {
			type: 'progress',
			phase: 'image',
			...{ doneBytes: 0, totalBytes: 2048, rate: 0, secondsLeft: undefined, read: 0, written: 0 },
		};
		await history.record(
			run,
			control,
			async (inner) => {
				const before = readFileSync(inner.logPath!, 'utf8');
				inner.emit(progress);
				expect(readFileSync(inner.logPath!, 'utf8')).toBe(before);
				inner.emit(info('Thawed'));
				expect(readFileSync(inner.logPath!, 'utf8')).toMatch(/Imaging: 2.00 KB\n.*Thawed\n/);
			},
			() => summary,
		);
	});

	it('lists a run by the title that it was given while it ran, however it ended', async () => {
		const { control, history, clock } = setUp();
		const titles: string[] = [];
		const named = async (inner: JobControl) => inner.onTitle?.('Back up My PC');
		await history.record(run, { ...control, onTitle: (title) => titles.push(title) }, named, () => summary);
		clock.advance(1);
		const failing = async (inner: JobControl) => named(inner).then(() => Promise.reject(new Error('No')));
		await expect(history.record(run, control, failing, () => summary)).rejects.toThrow('No');
		expect(history.list(10)).toMatchObject([
			{ title: 'Back up My PC', outcome: 'failed' },
			{ title: 'Back up My PC', outcome: 'success' },
		]);
		expect(titles).toEqual(['Back up My PC']);
	});

	it('ends a run that warned with a warning', async () => {
		const { control, history } = setUp();
		const warn = (inner: JobControl) =>
			Promise.resolve(inner.emit({ type: 'log', level: 'warning', message: 'Bad sector', advice: 'Replace it' }));
		await history.record(run, control, warn, () => summary);
		const [record] = history.list(1);
		expect(record!.outcome).toBe('warning');
		expect(readFileSync(record!.logPath!, 'utf8')).toMatch(/Warning: Bad sector\n +Replace it\n/);
	});

	it('tells a failed run from a cancelled one, and passes the error on', async () => {
		const { control, history, clock } = setUp();
		const fail = (error: Error) =>
			expect(
				history.record(
					run,
					control,
					() => Promise.reject(error),
					() => summary,
				),
			).rejects.toBe(error);
		await fail(new AfterimageError('no-space', 'Full', { advice: 'Make room' }));
		clock.advance(1);
		await fail(new AfterimageError('cancelled', 'Cancelled', { advice: 'Half of it is there' }));
		const [cancelled, failed] = history.list(10);
		expect(cancelled).toMatchObject({ outcome: 'cancelled' });
		expect(failed).toMatchObject({ outcome: 'failed', summary: 'Full' });
		expect(readFileSync(failed!.logPath!, 'utf8')).toMatch(/Error: Full\n +Make room/);
		expect(readFileSync(cancelled!.logPath!, 'utf8')).toMatch(
			/\n\n[-\d]+ [:\d]+ {2}Cancelled\n +Half of it is there\n$/,
		);
		expect(readFileSync(cancelled!.logPath!.replace('.log', '.jsonl'), 'utf8')).not.toContain('"error","message"');
	});

	it('lists a run whose process was killed as failed, and one that still runs not at all', async () => {
		for (const [alive, outcomes] of [
			[false, ['failed']],
			[true, []],
			[undefined, []],
		] as const) {
			const { history, control } = setUp(() => alive);
			void history.record(
				run,
				control,
				() => new Promise(() => undefined),
				() => summary,
			);
			expect(history.list(10).map((record) => record.outcome)).toEqual(outcomes);
		}
	});

	it('lists runs that a wrong clock has dated years ahead last, and removes their logs first', async () => {
		const { clock, control, folder, history } = setUp();
		const make = (title: string) =>
			history.record(
				{ ...run, title },
				control,
				async () => 1,
				() => summary,
			);
		const years = 73 * 365 * 24 * 3600 * 1000;
		await make('before');
		clock.setBack(-years);
		await make('ahead');
		clock.setBack(years);
		clock.advance(10_000);
		await make('after');
		clock.advance(10_000);
		const titles = () => history.list(keptRuns).map(({ title }) => title);
		expect(titles()).toEqual(['after', 'before', 'ahead']);
		for (let i = 3; i < keptRuns; i++) {
			writeFileSync(join(folder, `${runName(new Date(clock.now() - i), '00000000')}.jsonl`), '');
		}
		await make('last');
		expect(titles()).toEqual(['last', 'after', 'before']);
	});

	it('reads over cut lines, strange files and links', async () => {
		const { folder, history, control } = setUp();
		await history.record(
			run,
			control,
			async () => 1,
			() => summary,
		);
		const { id } = history.list(1)[0]!;
		const twin = id.replace(/.{8}$/, 'ffffffff');
		const lines = readFileSync(join(folder, `${id}.jsonl`), 'utf8');
		writeFileSync(join(folder, `${twin}.jsonl`), lines.slice(0, -20));
		const secret = join(tempFolder(), 'secret');
		writeFileSync(secret, lines);
		symlinkSync(secret, join(folder, `${id.replace(/.{8}$/, 'eeeeeeee')}.jsonl`));
		writeFileSync(join(folder, `${id.replace(/.{8}$/, 'dddddddd')}.jsonl`), '');
		writeFileSync(join(folder, 'notes.jsonl'), 'hello\n');
		mkdirSync(join(folder, `${id.replace(/.{8}$/, 'cccccccc')}.jsonl`));
		expect(history.list(10).map((record) => [record.id, record.outcome])).toEqual([
			[twin, 'failed'],
			[id, 'success'],
		]);
		appendFileSync(join(folder, `${id}.jsonl`), '{"type":"e');
		expect(history.list(10)[1]!.outcome).toBe('success');
	});

	it('keeps the newest runs only', async () => {
		const { folder, history, control } = setUp();
		mkdirSync(folder, { recursive: true });
		for (let i = 0; i < keptRuns + 5; i++) {
			const id = `19990101T000000000Z-${i.toString(16).padStart(8, '0')}`;
			writeFileSync(join(folder, `${id}.jsonl`), '');
			writeFileSync(join(folder, `${id}.log`), '');
		}
		writeFileSync(join(folder, 'other.log'), 'stays');
		await history.record(
			run,
			control,
			async () => 1,
			() => summary,
		);
		const names = readdirSync(folder);
		expect(names).toHaveLength(2 * keptRuns + 1);
		expect(names).toContain('other.log');
		expect(names.some((name) => name.startsWith('19990101T000000000Z-00000005'))).toBe(false);
		expect(history.list(1)[0]!.outcome).toBe('success');
	});

	it('does the work where no log can be kept, and says so', async () => {
		const folder = join(tempFolder(), 'file');
		writeFileSync(folder, '');
		const events: JobEvent[] = [];
		const processes: ProcessPort = { self: () => self, isAlive: () => false };
		const history = openHistory(new FakeClock(), processes, { folder, owner: undefined, shared: false, others: [] });
		const control = { signal: new AbortController().signal, emit: (event: JobEvent) => void events.push(event) };
		expect(
			await history.record(
				run,
				control,
				async () => 5,
				() => summary,
			),
		).toBe(5);
		expect(events).toMatchObject([{ level: 'warning', message: expect.stringContaining('No log') as string }]);
		expect(JSON.stringify(events)).not.toContain('mkdir');
		expect(history.list(1)).toEqual([]);
	});
});
