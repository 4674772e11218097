import { cp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BackupFolderInfo } from '../../../src/protocol/backups.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../support/cli.ts';
import { sshfsTools, throughRclone, throughSshfs } from '../../support/network-folders.ts';
import { requireFuse, requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import {
	changeSmallDisk,
	makeSmallDisk,
	restoredHash,
	smallDiskTools,
	type ImageLine,
} from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([...smallDiskTools, ...sshfsTools, 'rclone', 'strace']);
requireRoot();
requireFuse();
const temp = useTempFolder();
let original = '';

beforeAll(async () => {
	if (!ready) return;
	original = temp.file('original.img');
	await makeSmallDisk(original);
});

async function copyOfDisk(name: string): Promise<string> {
	const disk = temp.file(name);
	await cp(original, disk, { force: true });
	return disk;
}

const hashOf = async (file: string) => (await run('sha256sum', [file])).stdout.split(' ')[0]!;
const image = (disk: string, folder: string, ...options: string[]) =>
	afterimageResult<ImageLine>(['image', disk, '--to', folder, ...options]);
const setsIn = async (folder: string) =>
	((await afterimageResult(['sets', folder])) as unknown as BackupFolderInfo).sets;
const visible = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();

/** A full, a differential and two incrementals, of which two become one: every point restores, and notes are kept. */
async function holdsASet(disk: string, folder: string): Promise<void> {
	const hashes: string[] = [];
	const files: string[] = [];
	for (const [i, type] of ['full', 'diff', 'inc', 'inc'].entries()) {
		await changeSmallDisk(disk, i);
		files.push(...(await image(disk, folder, '--type', type, '--name', 'größe', '--verify')).files);
		hashes.push(await hashOf(disk));
	}
	const [{ files: known } = { files: [] }] = await setsIn(folder);
	expect(known.map((one) => one.verifiedOn !== undefined)).toEqual([true, true, true, true]);
	await afterimageResult(['merge', files[2]!, files[3]!]);
	for (const [i, hash] of [hashes[0], hashes[1], hashes[3]].entries())
		expect(await restoredHash(files[i]!, temp.file('back'))).toBe(hash);
	const next = await image(disk, folder);
	await afterimageResult(['purge', folder, '--full', '1']);
	expect(await visible(folder)).toEqual([basename(next.files[0]!)]);
	expect(await restoredHash(next.files[0]!, temp.file('back'))).toBe(hashes[3]);
}

describe('a destination on rclone', () => {
	it.each([
		['without a cache, which stores a file as it is closed', []],
		['with a cache', ['--vfs-cache-mode', 'writes', '--vfs-write-back', '0s']],
	])('holds chains, merges and notes %s', async (_, options) => {
		const disk = await copyOfDisk('rclone.img');
		const cache = ['--cache-dir', await temp.folder('cache')];
		await throughRclone(await temp.folder('remote'), [...options, ...cache], (folder) => holdsASet(disk, folder));
	});

	it('takes extracted files, though it makes no further names', async () => {
		const disk = await copyOfDisk('extracted.img');
		const images = await temp.folder('images');
		const { files } = await image(disk, images);
		const options = ['--vfs-cache-mode', 'writes', '--cache-dir', await temp.folder('cache')];
		await throughRclone(await temp.folder('remote'), options, async (folder) => {
			await afterimageResult(['extract', files[0]!, 'file-0', 'file-1', '--to', join(folder, 'x')]);
			expect(await visible(join(folder, 'x'))).toEqual(['file-0', 'file-1']);
		});
	});
});

describe('a destination on sshfs', () => {
	it('holds chains, merges and notes', async () => {
		const disk = await copyOfDisk('sshfs.img');
		await throughSshfs(temp.file('sshfs'), [], ({ folder }) => holdsASet(disk, folder));
	});

	it('keeps backups whose server replaces no files as they were, and is told the remedy, when they are to be merged', async () => {
		const disk = await copyOfDisk('merged.img');
		await throughSshfs(temp.file('merging'), ['posix-rename'], async ({ folder }) => {
			const files: string[] = [];
			for (const [i, type] of ['full', 'inc', 'inc'].entries()) {
				await changeSmallDisk(disk, i);
				files.push(...(await image(disk, folder, '--type', type)).files);
			}
			const lines = await afterimageJson(['merge', files[1]!, files[2]!], 1);
			expect(lines.at(-1)).toMatchObject({
				message: expect.stringContaining(`cannot take the place of ${files[1]!}`) as string,
				advice: expect.stringContaining('workaround=rename') as string,
			});
			expect(await visible(folder)).toEqual(files.map((file) => basename(file)).sort());
			expect(await restoredHash(files[2]!, temp.file('back'))).toBe(await hashOf(disk));
		});
	});

	it('that loses its server ends the run in words; mounted again it takes the next backup', async () => {
		const disk = temp.file('lost.img');
		await makeSmallDisk(disk, 60, 80);
		const server = await throughSshfs(temp.file('lost'), [], async (share) => {
			const running = afterimage(['image', disk, '--to', share.folder, '--json']);
			while (!(await readdir(share.server)).some((name) => name.endsWith('.part'))) await delay(10);
			await share.loseServer();
			const { code, out } = await running;
			// What was under way fails (EIO), what comes then finds that all has gone.
			expect([1, 8], out).toContain(code);
			expect(out).toContain('"advice"');
			expect(out).not.toContain('socket');
			return share.server;
		});
		expect((await visible(server)).every((name) => name.endsWith('.part'))).toBe(true);
		const { files } = await image(disk, server);
		expect(await visible(server)).toEqual([basename(files[0]!)]);
		expect(await restoredHash(files[0]!, temp.file('back'))).toBe(await hashOf(disk));
	});
});

describe('a file that is refused only at its end', () => {
	it.each([
		['as it is synced, for the quota', 'fsync', 'EDQUOT', 'no-space', 'the quota is used up'],
		['as it is closed, for the medium', 'close', 'EIO', 'write-error', 'i/o error'],
	])('gets no name, and earlier ones stay: %s', async (_, call, system, code, words) => {
		const disk = await copyOfDisk(`${call}.img`);
		const folder = await temp.folder(call);
		const { files, imageId } = await image(disk, folder);
		await changeSmallDisk(disk, 1);
		const part = join(folder, `${imageId}-01-01.mrimgx.part`);
		const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', part, '-e', `inject=${call}:error=${system}:when=1`];
		const lines = await afterimageJson(
			['image', disk, '--to', folder, '--type', 'inc'],
			code === 'no-space' ? 7 : 1,
			under,
		);
		expect(lines.at(-1)).toMatchObject({
			code,
			message: expect.stringContaining(words) as string,
			advice: expect.any(String) as string,
		});
		expect(await readdir(folder)).toEqual([basename(files[0]!)]);
	});
});
