import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitEngine } from '../../../src/extension/engine/channel.ts';
import { newMeeting, removeMeeting } from '../../../src/extension/engine/meeting.ts';
import { EngineClient } from '../../../src/extension/engine/engine-client.ts';
import { startEngine } from '../../../src/extension/engine/start-engine.ts';
import type { JobProgress } from '../../../src/protocol/jobs.ts';
import { engineEntry, startJob, startTestEngine, type RunningEngine } from '../../support/engine.ts';
import { ext4From, makeRawDisk } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A raw disk of ext4, and a definition that images it slowly enough to be interrupted: 20 MB at 2 MB a second. */
let folder: string;
let disk: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-lifetime-'));
	const content = join(folder, 'content');
	await run('mkdir', [content]);
	await run('dd', ['if=/dev/urandom', `of=${join(content, 'file')}`, 'bs=1M', 'count=20', 'status=none']);
	disk = join(folder, 'disk.img');
	await makeRawDisk(disk, 'gpt', 64, [{ start: 1, size: 48, type: 'L', make: ext4From(content) }]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function definition(more = ''): { definition: string; images: string } {
	const home = tempFolder();
	const images = join(home, 'images');
	mkdirSync(images);
	const path = join(home, 'disk.xml');
	writeFileSync(
		path,
		`<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>Disk</name>
	<sources><raw_file path="${disk}"/></sources>
	<destination><folder>${images}</folder></destination>
	${more}
</backup_definition>`,
	);
	return { definition: path, images };
}

const slowly = '<rate_limit>2048</rate_limit>';

function engine(): Promise<RunningEngine> {
	return startTestEngine({ AFTERIMAGE_DATA: tempFolder() });
}

/** Settles at the first progress with something done. */
function underWay(client: EngineClient, id: string): Promise<JobProgress> {
	return new Promise((done) => {
		const stop = client.on('jobs/progress', (event) => {
			if (event.id !== id || event.progress.writtenBytes === 0) return;
			stop();
			done(event.progress);
		});
	});
}

function ended(child: RunningEngine['process']): Promise<number | string | null> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode);
	return new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));
}

const imagesIn = (path: string) => readdirSync(path).filter((name) => !name.startsWith('.'));

describe('engine process: a backup', () => {
	it('runs a definition with progress, a log and an entry in the history', async () => {
		const { client } = await engine();
		const { definition: path, images } = definition();
		const request = { kind: 'backup', definition: path, type: 'auto' } as const;
		const job = await startJob(client, { request });
		const result = await job.ended;
		expect(result).toMatchObject({ outcome: 'success', files: [expect.stringContaining(images) as string] });
		expect(result.bytesRead).toBeGreaterThan(20 * 2 ** 20);
		expect(job.progress.map((one) => one.phase)).toEqual(expect.arrayContaining(['Imaging', 'Checking']));
		const { phase, ...last } = job.progress.at(-1)!;
		expect(phase).toBe('Checking');
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
		expect(imagesIn(images)).toHaveLength(1);
		await client.request('jobs/cancel', { id: job.id });
		expect(await job.ended).toMatchObject({ outcome: 'cancelled' });
		expect(imagesIn(images)).toEqual([]);
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
		expect(error?.message).toMatch(/disk\.xml:5:\d+: error schema-/);
		expect(imagesIn(images)).toEqual([]);
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
		expect(imagesIn(images)).toHaveLength(1);
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
		expect(imagesIn(images)).toHaveLength(1);
		await next.client.request('jobs/cancel', { id: clean.id });
		await clean.ended;
		expect(imagesIn(images)).toEqual([]);
	});
});

describe('engine process: its end', () => {
	it('comes when it is told to, with its jobs cancelled', async () => {
		for (const how of ['SIGTERM', 'shutdown'] as const) {
			const { client, process: child } = await engine();
			const { definition: path, images } = definition(slowly);
			const job = await startJob(client, { request: { kind: 'backup', definition: path, type: 'full' } });
			await underWay(client, job.id);
			if (how === 'SIGTERM') child.kill('SIGTERM');
			else await client.request('engine/shutdown', {});
			expect(await ended(child)).toBe(0);
			await client.ended;
			expect(imagesIn(images)).toEqual([]);
		}
	});

	it('comes by itself when its client has gone and nothing runs', async () => {
		const { client, process: child } = await engine();
		await client.request('engine/info', {});
		client.dispose();
		expect(await ended(child)).toBe(0);
	});

	it('does not come with the terminal that it was started from', async () => {
		const { client, process: child } = await engine();
		child.kill('SIGHUP');
		expect((await client.request('engine/info', {})).pid).toBe(child.pid);
	});
});

describe('engine process: who may talk to it', () => {
	it('asks for a token on standard input, a private folder, and nothing it does not know', () => {
		const start = (args: string[], input = '') => {
			const { status, stdout, stderr } = spawnSync(process.execPath, [engineEntry, ...args], { input });
			return { status, out: stdout.toString(), err: stderr.toString().replace(/^\(.*\n.*\n/, '') };
		};
		expect(start(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('--connect PATH') as string });
		expect(start(['--version']).out).toMatch(/^\d+\.\d+\.\d+\n$/);
		expect(start([])).toMatchObject({ status: 2 });
		expect(start(['--conect', 'x'])).toMatchObject({ status: 2 });
		const { path } = newMeeting();
		expect(start(['--connect', path], 'no token\n')).toMatchObject({ status: 2 });
		chmodSync(join(path, '..'), 0o755);
		expect(start(['--connect', path])).toMatchObject({ status: 1, err: expect.stringContaining('mode 755') as string });
		rmSync(join(path, '..'), { recursive: true });
	});

	it('shows the token neither in its arguments nor in its environment', async () => {
		const { meeting, process: child, client } = await engine();
		await client.request('engine/info', {});
		for (const what of ['cmdline', 'environ']) {
			expect(readFileSync(`/proc/${child.pid}/${what}`, 'utf8')).not.toContain(meeting.token);
		}
	});

	it('hangs up on a client that does not prove the token', async () => {
		const meeting = newMeeting();
		const other = { ...meeting, token: randomBytes(32).toString('base64url') };
		const facts = launchFacts(meeting.path);
		const controller = new AbortController();
		const listening = awaitEngine(other, controller.signal);
		const child = spawn(process.execPath, [facts.engineScript, '--connect', meeting.path], {
			stdio: ['pipe', 'ignore', 'ignore'],
		});
		child.stdin.write(`${meeting.token}\n`);
		let proved = false;
		listening.then(
			() => (proved = true),
			() => undefined,
		);
		expect(await ended(child)).toBe(0);
		expect(proved).toBe(false);
		controller.abort();
		removeMeeting(meeting);
	});

	it('takes the token from a file, which it removes', async () => {
		const meeting = newMeeting();
		const facts = { ...launchFacts(meeting.path), tokenFile: `${meeting.path}.token` };
		writeFileSync(facts.tokenFile, `${meeting.token}\n`, { mode: 0o600 });
		const child = spawn(
			process.execPath,
			[facts.engineScript, '--connect', meeting.path, '--token-file', facts.tokenFile],
			{ stdio: 'ignore' },
		);
		const client = new EngineClient(await awaitEngine(meeting, AbortSignal.timeout(30_000)));
		expect(existsSync(facts.tokenFile)).toBe(false);
		await client.request('engine/shutdown', {});
		expect(await ended(child)).toBe(0);
		removeMeeting(meeting);
	});

	it('is started by the extension, which is told why when it cannot be', async () => {
		const meeting = newMeeting();
		const facts = launchFacts(meeting.path);
		const client = await startEngine('direct', facts, meeting, () => undefined);
		expect(await client.request('engine/info', {})).toMatchObject({ protocol: 1 });
		await client.request('engine/shutdown', {});
		await client.ended;
		removeMeeting(meeting);
		const broken = newMeeting();
		await expect(
			startEngine('direct', { ...launchFacts(broken.path), engineScript: '/nowhere.mjs' }, broken, () => undefined),
		).rejects.toMatchObject({ code: 'engine-lost' });
		removeMeeting(broken);
	});
});

function launchFacts(meetingPath: string) {
	return {
		platform: process.platform,
		runtime: process.execPath,
		electron: false,
		engineScript: engineEntry,
		elevateScript: '',
		meetingPath,
		tokenFile: `${meetingPath}.token`,
		askpass: '',
	};
}
