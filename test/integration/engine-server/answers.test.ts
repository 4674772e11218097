import {
	chmodSync,
	copyFileSync,
	existsSync,
	readdirSync,
	readFileSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll } from 'vitest';
import type { ImageResult } from '../../../src/engine/requests/image.ts';
import { afterimageResult } from '../../support/cli.ts';
import { startJob, startTestEngine } from '../../support/engine.ts';
import { ext4From, fatFrom, makeRawDisk, patch } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A GPT disk with ext4 and FAT, imaged in full, then changed and imaged twice incrementally; encrypted once more. */
let folder: string;
let disk: string;
let images: string;
let files: string[];
let encrypted: string;
let contentStart: number;
/** A byte of the ext4 file, in another block of the image each time. */
const placeOfChange = (n: number) => contentStart + n * 2 ** 17;
const password = 'correct horse battery';

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-answers-'));
	const content = join(folder, 'content');
	await run('mkdir', [content]);
	writeFileSync(join(content, 'file'), Buffer.alloc(3_000_000, 'afterimage'));
	disk = join(folder, 'disk.img');
	await makeRawDisk(disk, 'gpt', 64, [
		{ start: 1, size: 32, type: 'L', make: ext4From(content) },
		{ start: 34, size: 20, type: 'U', make: fatFrom(content, 16) },
	]);
	contentStart = readFileSync(disk).indexOf('afterimageafterimage');
	images = join(folder, 'images');
	await run('mkdir', [images]);
	const passwordFile = join(folder, 'password');
	writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
	files = [];
	for (const type of ['full', 'inc', 'inc']) {
		const result = await afterimageResult<ImageResult>(['image', disk, '--to', images, '--type', type]);
		files.push(...result.files);
		await patch(disk, placeOfChange(files.length), Buffer.alloc(1000, files.length));
	}
	const vault = join(folder, 'vault');
	await run('mkdir', [vault]);
	const { files: sealed } = await afterimageResult<ImageResult>([
		...['image', disk, '--to', vault, '--password-file', passwordFile],
	]);
	encrypted = sealed[0]!;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function dataFolder(): Record<string, string> {
	return { AFTERIMAGE_DATA: tempFolder() };
}

describe('engine process: answers', () => {
	it('tells what it is', async () => {
		const { client, process: child } = await startTestEngine(dataFolder());
		expect(await client.request('engine/info', {})).toMatchObject({ protocol: 1, pid: child.pid, elevated: true });
		expect((await client.request('engine/info', {})).codec).toMatch(/zstd|zlib/);
	});

	it('lists raw files among the disks, and one that is not there as a warning', async () => {
		const { client } = await startTestEngine(dataFolder());
		const disks = await client.request('disks/list', { files: [disk, join(folder, 'none.img')] });
		const found = disks.find((one) => one.path === disk)!;
		expect(found).toMatchObject({ kind: 'file', table: 'gpt', needsRights: false, warnings: [] });
		expect(found.partitions.map((one) => [one.number, one.fileSystem, one.flags])).toEqual([
			[1, 'ext4', []],
			[2, 'FAT16', ['efi']],
		]);
		const missing = disks.find((one) => one.path.endsWith('none.img'))!;
		expect(missing.partitions).toEqual([]);
		expect(missing.warnings.join()).toContain('no such file');
	});

	it('lists a folder with its sets, inspects, and says what is verified', async () => {
		const { client } = await startTestEngine(dataFolder());
		const job = await startJob(client, { request: { kind: 'verify', file: files[2]! } });
		expect(await job.ended).toMatchObject({ outcome: 'success' });
		const list = await client.request('folder/list', { folder: images });
		expect(list.sets[0]!.files.map((file) => [file.path, file.type, file.verifiedOn !== undefined])).toEqual([
			[files[0], 'full', false],
			[files[1], 'inc', false],
			[files[2], 'inc', true],
		]);
		const info = await client.request('image/inspect', { file: files[2]! });
		expect(info.file.verifiedOn).toBe(list.sets[0]!.files[2]!.verifiedOn);
		expect(info.disks[0]!.partitions).toHaveLength(2);
		await expect(client.request('folder/list', { folder: join(folder, 'none') })).rejects.toMatchObject({
			code: 'destination-missing',
		});
	});

	it('compares a backup with the one before it, block by block, without the password', async () => {
		const { client } = await startTestEngine(dataFolder());
		const compared = await client.request('image/compare', { file: files[1]! });
		expect(compared).toMatchObject({ file: files[1], previous: files[0] });
		const [ext, fat] = compared.partitions;
		expect(ext).toMatchObject({ partition: 1, changedBlocks: 1, newBlocks: 0, freedBlocks: 0 });
		expect(ext!.storedBytes).toBeGreaterThan(0);
		expect(ext!.changedBytes).toBeGreaterThanOrEqual(4096);
		expect(fat).toMatchObject({ changedBlocks: 0, changedBytes: 0 });
		await expect(client.request('image/compare', { file: files[0]! })).rejects.toMatchObject({
			code: 'invalid-argument',
		});
	});

	it('plans a merge and merges', async () => {
		const { client } = await startTestEngine(dataFolder());
		const copy = tempFolder();
		for (const file of files) copyFileSync(file, join(copy, basename(file)));
		const paths = files.slice(1).map((file) => join(copy, basename(file)));
		const plan = await client.request('merge/plan', { files: paths });
		expect(plan.resultName).toBe(basename(files[1]!));
		expect(plan.movedBytes).toBeGreaterThan(0);
		expect(readdirSync(copy).filter((name) => name.endsWith('.mrimgx'))).toHaveLength(3);
		const job = await startJob(client, { request: { kind: 'merge', files: paths } });
		expect(await job.ended).toMatchObject({ outcome: 'success', files: [paths[0]] });
		expect(readdirSync(copy).filter((name) => name.endsWith('.mrimgx'))).toHaveLength(2);
		const check = await startJob(client, { request: { kind: 'verify', file: paths[0]! } });
		expect(await check.ended).toMatchObject({ outcome: 'success' });
	});

	it('deletes a backup with what stands on it, newest first, and nothing when something would be left hanging', async () => {
		const { client } = await startTestEngine(dataFolder());
		const copy = tempFolder();
		for (const file of files) copyFileSync(file, join(copy, basename(file)));
		const paths = files.map((file) => join(copy, basename(file)));
		const doomed = [paths[2]!, paths[1]!];
		expect(await client.request('image/dependants', { files: [paths[1]!, paths[2]!] })).toEqual([
			{ files: doomed, backups: 2, bytes: statSync(paths[1]!).size + statSync(paths[2]!).size },
		]);

		const hanging = await startJob(client, { request: { kind: 'delete', files: [paths[1]!] } });
		expect(await hanging.ended).toMatchObject({ outcome: 'failed', error: { code: 'invalid-argument' } });
		const stranger = await startJob(client, { request: { kind: 'delete', files: [...doomed, disk] } });
		expect(await stranger.ended).toMatchObject({ outcome: 'failed', error: { code: 'invalid-argument' } });
		expect(existsSync(paths[2]!)).toBe(true);

		const job = await startJob(client, { request: { kind: 'delete', files: doomed } });
		expect(await job.ended).toMatchObject({ outcome: 'success' });
		expect(job.log.map((line) => line.text)).toEqual([`Deleted ${paths[2]}`, `Deleted ${paths[1]}`]);
		expect(paths.map((path) => existsSync(path))).toEqual([true, false, false]);
	});

	it('restores what was confirmed by its name, and refuses anything else', async () => {
		const { client } = await startTestEngine(dataFolder());
		const target = join(tempFolder(), 'restored.img');
		const request = {
			...{ kind: 'restore' as const, file: files[2]!, target, disk: 0, delta: false, verify: true, newDiskId: false },
			skipBadBlocks: false,
			confirmed: 'restored.img',
		};
		await expect(client.request('jobs/start', { request })).rejects.toMatchObject({ code: 'invalid-argument' });
		const job = await startJob(client, { request: { ...request, confirmed: target } });
		expect(await job.ended).toMatchObject({ outcome: 'success' });
		await patch(target, placeOfChange(3), Buffer.alloc(1000, 3));
		await run('cmp', [disk, target, '-n', String(33 * 2 ** 20)]);
	});

	it('needs no confirmation for a file that is made, and leaves one alone that is there', async () => {
		const { client } = await startTestEngine(dataFolder());
		const how = { delta: false, verify: false, newDiskId: false, skipBadBlocks: false };
		const restore = async (target: string) => {
			const request = { kind: 'restore' as const, file: files[0]!, target, disk: 0, ...how };
			return (await startJob(client, { request })).ended;
		};
		const target = join(tempFolder(), 'new.img');
		expect(await restore(target)).toMatchObject({ outcome: 'success' });
		await patch(target, placeOfChange(3), Buffer.alloc(1000, 9));
		const error = {
			code: 'target-in-use',
			message: `${target}: expected nothing there, found what nobody has confirmed`,
		};
		expect(await restore(target)).toMatchObject({ outcome: 'failed', error });
		expect(readFileSync(target).subarray(placeOfChange(3), placeOfChange(3) + 1000)).toEqual(Buffer.alloc(1000, 9));
	});

	it('tells what a restore would write, and refuses what it would', async () => {
		const { client } = await startTestEngine(dataFolder());
		const target = join(tempFolder(), 'new.img');
		const rest = { disk: 0, delta: false, verify: true, newDiskId: false, skipBadBlocks: false };
		const preview = (file: string, to: string, given?: string) =>
			client.request('restore/preview', {
				choice: { file, target: to, ...rest },
				...(given === undefined ? {} : { password: given }),
			});
		const told = await preview(files[2]!, target);
		expect(told).toMatchObject({ target, created: true, size: statSync(disk).size, warnings: [] });
		expect(told.partitions.map(({ number }) => number)).toEqual([1, 2]);
		expect(existsSync(target)).toBe(false);
		await expect(preview(files[2]!, files[1]!)).rejects.toMatchObject({ code: 'target-in-use' });
		await expect(preview(encrypted, target)).rejects.toMatchObject({ code: 'password-needed' });
		expect((await preview(encrypted, target, password)).blocks).toBeGreaterThan(0);
	});

	it('restores what is sound of a damaged image when that is asked for, and says what is not', async () => {
		const { client } = await startTestEngine(dataFolder());
		const copy = join(tempFolder(), basename(files[0]!));
		copyFileSync(files[0]!, copy);
		await patch(copy, 5000, Buffer.alloc(64, 0xff));
		const target = join(tempFolder(), 'restored.img');
		const restore = async (skipBadBlocks: boolean) => {
			const where = { file: copy, target, confirmed: target, disk: 0 };
			const how = { delta: false, verify: false, newDiskId: false, skipBadBlocks };
			const job = await startJob(client, { request: { kind: 'restore', ...where, ...how } });
			return { ...(await job.ended), log: job.log };
		};
		expect(await restore(false)).toMatchObject({ outcome: 'failed', error: { code: 'image-damaged' } });
		expect(existsSync(target)).toBe(false);
		const sound = await restore(true);
		expect(sound.error?.message).toContain('restored to');
		expect(sound.error?.message).toMatch(/\d damaged blocks? of the image/);
		expect(sound.log.some(({ level, text }) => level === 'warning' && /block \d+/.test(text))).toBe(true);
		expect(existsSync(target)).toBe(true);
	});

	it('asks for the password of an encrypted image, refuses a wrong one, and keeps it out of every log', async () => {
		const env = dataFolder();
		const { client, said } = await startTestEngine(env);
		const request = { kind: 'verify' as const, file: encrypted };
		const without = await startJob(client, { request });
		expect((await without.ended).error?.code).toBe('password-needed');
		const wrong = await startJob(client, { request, password: 'wrong horse battery' });
		expect((await wrong.ended).error?.code).toBe('wrong-password');
		const right = await startJob(client, { request, password });
		expect((await right.ended).outcome).toBe('success');
		const runs = join(env['AFTERIMAGE_DATA']!, 'runs');
		const logs = readdirSync(runs).map((name) => readFileSync(join(runs, name), 'utf8'));
		expect(logs).toHaveLength(6);
		expect(`${logs.join('')}${said()}`).not.toContain('horse battery');
	});

	it('fails a verification that finds bad blocks, naming them in the log', async () => {
		const { client } = await startTestEngine(dataFolder());
		const copy = join(tempFolder(), basename(files[0]!));
		copyFileSync(files[0]!, copy);
		await patch(copy, 5000, Buffer.alloc(64, 0xff));
		const job = await startJob(client, { request: { kind: 'verify', file: copy } });
		expect(await job.ended).toMatchObject({ outcome: 'failed', error: { code: 'image-damaged' } });
		expect(job.log.some((line) => line.level === 'warning' && /block \d+/.test(line.text))).toBe(true);
	});

	it('lists runs, newest first, with their logs', async () => {
		const { client } = await startTestEngine(dataFolder());
		const ends: string[] = [];
		for (const file of [files[0]!, join(folder, 'none.mrimgx')]) {
			const job = await startJob(client, { request: { kind: 'verify', file } });
			ends.push((await job.ended).logPath!);
		}
		const runs = await client.request('runs/list', { limit: 10 });
		expect(runs.map((one) => [one.kind, one.outcome, one.title])).toEqual([
			['verify', 'failed', 'Verify none.mrimgx'],
			['verify', 'success', `Verify ${basename(files[0]!)}`],
		]);
		expect(runs.map((one) => one.logPath)).toEqual(ends.reverse());
		expect(readFileSync(runs[1]!.logPath!, 'utf8')).toContain('is sound');
		expect(await client.request('runs/list', { limit: 1 })).toHaveLength(1);
	});

	it('refuses a file that is no image with a reason, not a stack', async () => {
		const { client } = await startTestEngine(dataFolder());
		const file = join(tempFolder(), 'x.mrimgx');
		writeFileSync(file, 'no image');
		truncateSync(file, 100_000);
		chmodSync(file, 0o644);
		await expect(client.request('image/inspect', { file })).rejects.toMatchObject({ code: 'image-damaged' });
		await expect(client.request('image/inspect', { file })).rejects.not.toThrow(/\n\s+at /);
	});
});
