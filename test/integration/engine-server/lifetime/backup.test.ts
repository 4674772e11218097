import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { awaitEngine } from '../../../../src/extension/engine/channel.ts';
import { EngineClient } from '../../../../src/extension/engine/engine-client.ts';
import { startJob, startTestEngine } from '../../../support/engine.ts';
import { imageFiles } from '../../../support/image-files.ts';
import { run } from '../../../support/run.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { ended, engine } from './engine-process.ts';
import { definition, slowly, underWay } from './slow-backup.ts';

describe('engine process: a backup', () => {
	it('runs a definition with progress, a log and an entry in the history', async () => {
		const { client } = await engine();
		const { definition: path, images } = definition();
		const request = { kind: 'backup', definition: path, type: 'auto' } as const;
		const job = await startJob(client, { request });
		const result = await job.ended;
		expect(result).toMatchObject({ outcome: 'success', files: [expect.stringContaining(images) as string] });
		expect(result.bytesRead).toBeGreaterThan(20 * 2 ** 20);
		expect(job.progress.map((one) => one.phase)).toEqual(expect.arrayContaining(['image', 'check']));
		const { phase, ...last } = job.progress.at(-1)!;
		expect(phase).toBe('check');
		expect(last.doneBytes).toBe(last.totalBytes);
		expect(readFileSync(result.logPath!, 'utf8')).toContain(`Destination: ${images}`);
		const [record] = await client.request('runs/list', { limit: 5 });
		expect(record).toMatchObject({ kind: 'backup', definition: path, type: 'auto', outcome: 'success' });
		const second = await startJob(client, { request });
		expect((await second.ended).summary).toContain('Incremental');
		await run('sh', ['-c', `ls ${images}/*-01-01.mrimgx`]);
	});

	it('is cancelled at once while it waits and writes, and leaves nothing', async () => {
		const { client } = await engine();
		// At this rate it would go on for minutes.
		const { definition: path, images } = definition('<rate_limit>64</rate_limit>');
		const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
		await underWay(client, job.id);
		expect(imageFiles(images)).toHaveLength(1);
		await client.request('jobs/cancel', { id: job.id });
		expect(await job.ended).toMatchObject({ outcome: 'cancelled' });
		expect(imageFiles(images)).toEqual([]);
		await expect(client.request('jobs/cancel', { id: 'none' })).rejects.toMatchObject({ code: 'invalid-argument' });
	});

	it('has the priority of its definition in the threads that do the work, and in no other', async () => {
		const { client, process: child } = await engine();
		const { definition: path } = definition('<rate_limit>64</rate_limit><cpu_priority>idle</cpu_priority>');
		const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
		await underWay(client, job.id);
		// Field 19 of proc(5), stat: the nice value; the name before it may hold spaces.
		const niceOf = (task: string) =>
			Number(
				readFileSync(`/proc/${child.pid}/task/${task}/stat`, 'utf8')
					.replace(/^.*\) /, '')
					.split(' ')[16],
			);
		const values = readdirSync(`/proc/${child.pid}/task`).map((task) => [task === String(child.pid), niceOf(task)]);
		expect(values).toContainEqual([false, 19]);
		expect(values).toContainEqual([true, getPriority()]);
		await client.request('jobs/cancel', { id: job.id });
		await job.ended;
	});

	it('that is not valid is refused with file, line and column', async () => {
		const { client } = await engine();
		const { definition: path, images } = definition('<rate_limit>fast</rate_limit>');
		const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
		const { error } = await job.ended;
		expect(error?.code).toBe('invalid-definition');
		expect(error?.message).toMatch(/disk\.xml:6:\d+: error schema-/);
		expect(imageFiles(images)).toEqual([]);
	});

	it('goes on when the client is lost, and a new client is told of it and of its end', async () => {
		const { client, meeting, process: child } = await engine();
		const { definition: path, images } = definition(slowly);
		const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
		await underWay(client, job.id);
		client.dispose();
		const again = new EngineClient(await awaitEngine(meeting, AbortSignal.timeout(30_000)));
		const result = new Promise((done) => again.on('jobs/ended', done));
		const [known] = await again.request('jobs/list', {});
		expect(known).toMatchObject({ id: job.id, request: { kind: 'backup', definition: path } });
		expect(known!.result).toBeUndefined();
		expect(await result).toMatchObject({ id: job.id, result: { outcome: 'success' } });
		expect(imageFiles(images)).toHaveLength(1);
		expect((await again.request('jobs/list', {}))[0]).toMatchObject({ result: { outcome: 'success' } });
		await again.request('engine/shutdown', {});
		expect(await ended(child)).toBe(0);
	});

	it('is lost with its engine: the client sees it at once, and the history says how it went', async () => {
		const env = { AFTERIMAGE_DATA: tempFolder() };
		const { client, process: child } = await startTestEngine(env);
		const { definition: path, images } = definition(slowly);
		const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
		await underWay(client, job.id);
		const waiting = client.request('disks/list', { files: [] });
		waiting.catch(() => undefined);
		child.kill('SIGKILL');
		await client.ended;
		expect(client.over).toBe(true);
		await expect(client.request('jobs/list', {})).rejects.toMatchObject({ code: 'engine-lost' });
		const next = await startTestEngine(env);
		expect(await next.client.request('runs/list', { limit: 1 })).toMatchObject([
			{ kind: 'backup', outcome: 'failed', summary: expect.stringContaining('did not come to its end') as string },
		]);
		const clean = await startJob(next.client, { request: { kind: 'backup', definition: path, type: 'full' } });
		await underWay(next.client, clean.id);
		expect(imageFiles(images)).toHaveLength(1);
		await next.client.request('jobs/cancel', { id: clean.id });
		await clean.ended;
		expect(imageFiles(images)).toEqual([]);
	});
});
