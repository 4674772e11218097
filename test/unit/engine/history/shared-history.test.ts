import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { keptRuns } from '../../../../src/engine/history/run-log.ts';
import type { JobEvent } from '../../../../src/engine/job-events.ts';
import { info, run, setUp, summary } from './set-up.ts';

describe('history that every user may read', () => {
	const script: readonly JobEvent[] = [
		{ type: 'log', level: 'info', message: 'Script /s/dump --password=tiger', openly: 'Script /s/dump' },
		{ type: 'log', level: 'info', message: '  | user=scott', openly: '' },
		{ type: 'log', level: 'warning', message: 'No mail: 535 scott', advice: 'Look at mail.json', openly: 'No mail' },
		info('Froze /'),
	];
	const secret = /tiger|scott/;

	async function recorded(work: () => Promise<number>) {
		const scene = setUp(() => false, true);
		const done = scene.history.record(
			run,
			scene.control,
			(inner) => {
				script.forEach(inner.emit);
				return work();
			},
			() => summary,
		);
		await done.catch(() => undefined);
		const [record] = scene.history.list(1);
		const path = (extension: string) => join(scene.folder, record!.id + extension);
		const text = (extension: string) => readFileSync(path(extension), 'utf8');
		return { ...scene, record: record!, path, text };
	}

	it('keeps what programs were given and said to the owner, and tells all the rest to everybody', async () => {
		const { folder, paths, record, path, text } = await recorded(async () => 1);
		expect(statSync(folder).mode & 0o777).toBe(0o755);
		const modes = ['.log', '.public.log', '.jsonl'].map((extension) => statSync(path(extension)).mode & 0o777);
		expect(modes).toEqual([0o600, 0o644, 0o644]);
		expect(paths).toEqual([path('.log')]);
		for (const part of ['Script /s/dump --password=tiger\n', '  | user=scott\n', 'Warning: No mail: 535 scott\n']) {
			expect(text('.log')).toContain(part);
		}
		const open = text('.public.log');
		for (const part of [
			'Back up PC',
			'Script /s/dump\n',
			'Warning: No mail\n',
			'Look at mail.json',
			'Froze /',
			'Ended',
		]) {
			expect(open).toContain(part);
		}
		expect(open.split(`It is in ${path('.log')}, which root alone may read`)).toHaveLength(2);
		expect(open).not.toMatch(secret);
		expect(text('.jsonl')).not.toMatch(secret);
		expect(text('.jsonl')).toContain('"Script /s/dump"');
		expect(record).toMatchObject({ ...run, ...summary, outcome: 'warning', logPath: path('.log') });
	});

	it('does not quote a definition that is not valid', async () => {
		const message = '/d/pc.xml:3:1: error schema-value: found "tiger"';
		const error = new AfterimageError('invalid-definition', message, { details: { path: '/d/pc.xml', problems: 1 } });
		const { record, text } = await recorded(() => Promise.reject(error));
		expect(record).toMatchObject({ outcome: 'failed', summary: '/d/pc.xml is not a valid definition' });
		expect(text('.log')).toContain(`Error: ${message}`);
		expect(text('.public.log')).toContain('Error: /d/pc.xml is not a valid definition');
		expect(`${text('.public.log')}${text('.jsonl')}`).not.toMatch(secret);
	});

	it('keeps to the owner which files are damaged', async () => {
		const { control, folder, history } = setUp(() => false, true);
		const found = { ...summary, findings: ['file diary.txt: 4.00 KB lie in damaged blocks'] };
		await history.record(
			run,
			control,
			async () => 1,
			() => found,
		);
		const text = (extension: string) =>
			readFileSync(join(folder, history.list(1)[0]!.id + extension), 'utf8').includes('diary.txt');
		expect(['.log', '.public.log', '.jsonl'].map(text)).toEqual([true, false, false]);
	});

	it('says that something is left out only where it is', async () => {
		const { folder, control, history } = setUp(() => false, true);
		await history.record(
			run,
			control,
			async (inner) => inner.emit(info('Froze /')),
			() => summary,
		);
		const [record] = history.list(1);
		const open = readFileSync(join(folder, `${record!.id}.public.log`), 'utf8');
		expect(open).toBe(readFileSync(record!.logPath!, 'utf8'));
	});

	it('names the log that may be read, and removes all logs of a run together', async () => {
		const { folder, history, path } = await recorded(async () => 1);
		rmSync(path('.log'));
		expect(history.list(1)[0]!.logPath).toBe(path('.public.log'));
		rmSync(path('.public.log'));
		expect(history.list(1)[0]!.logPath).toBe(path('.log'));
		for (let i = 0; i < keptRuns; i++) {
			const id = `19990101T000000000Z-${i.toString(16).padStart(8, '0')}`;
			for (const extension of ['.jsonl', '.log', '.public.log']) writeFileSync(join(folder, id + extension), '');
		}
		await history.record(
			run,
			setUp().control,
			async () => 1,
			() => summary,
		);
		const oldest = readdirSync(folder).filter((name) => /-0000000[01]\./.test(name));
		expect(oldest).toEqual([]);
	});
});
