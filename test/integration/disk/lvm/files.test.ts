import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { whileMounted } from '../../../support/mounting.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireFuse, requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { LvmTools } from './group.ts';

const ready = requireTools(['lvm', 'sfdisk', 'mkfs.ext4', 'mkfs.xfs', 'mkfs.fat', 'mkswap', 'losetup', 'mount']);
const root = requireRoot();
requireFuse();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
/** Makes mkfs.xfs take less than 300 MiB, as for its own tests. */
const lenient = { TEST_DEV: '1', TEST_DIR: '1', QA_CHECK_FS: '1' };

interface FilesLine {
	readonly partitions: readonly { partition: number; fileSystem: string }[];
	readonly entries: readonly { path: string; kind: string; size: number; note?: string }[];
}

/** What lies in the volumes, as the kernel has it. */
const expected = new Map<string, Map<string, string>>();
let image = '';

/** Files in a file of so many MiB, which is kept for its place in the group. */
async function fileSystem(name: string, size: number, make: (file: string) => Promise<unknown>): Promise<string> {
	const file = await sparseFile(temp.file(name), size * mebibyte);
	await make(file);
	await mounted(file, ['-o', 'loop'], async (folder) => {
		await fillFolder(folder, size, { files: 60, bytes: (size * mebibyte) / 3, unicode: true, links: true });
		await mkdir(join(folder, 'etc'));
		await writeFile(join(folder, 'etc', 'hosts'), `127.0.0.1 ${name}\n`);
		expected.set(name, await hashTree(folder));
	});
	return file;
}

/** A physical volume in a file, of a group that has another one in a second file. */
async function makeGroup(file: string): Promise<void> {
	const second = await sparseFile(temp.file('second.pv'), 64 * mebibyte);
	const lvm = new LvmTools(await temp.folder('settings'));
	await withLoopDevice(file, {}, (here) =>
		withLoopDevice(second, {}, async (there) => {
			await lvm.allow([here, there]);
			await lvm.run('pvcreate', '-q', '--metadatasize', '60k', '--dataalignment', '64k', here);
			await lvm.run('pvcreate', '-q', there);
			await lvm.run('vgcreate', '-q', '-s', '1m', 'group-0', here, there);
			await lvm.create('root', '-L', '24m', 'group-0', here);
			await lvm.create('swap', '-L', '4m', 'group-0', here);
			await lvm.create('srv-data', '-L', '40m', 'group-0', here);
			await lvm.run('lvextend', '-q', '-L', '40m', 'group-0/root', here);
			await lvm.create('wide', '-i', '2', '-I', '64k', '-L', '8m', 'group-0');
			await lvm.create('stripes', '-i', '2', '-I', '64k', '-L', '8m', '--alloc', 'anywhere', 'group-0', here);
			await lvm.create('far', '-L', '4m', 'group-0', there);
			await lvm.create('empty', '-L', '4m', 'group-0', here);
			await lvm.run('lvextend', '-q', '-L', '48m', 'group-0/srv-data', here);
			const ext4 = await fileSystem('root', 40, (at) => run('mkfs.ext4', ['-q', '-F', at]));
			const xfs = await fileSystem('srv-data', 48, (at) => run('mkfs.xfs', ['-q', at], { env: lenient }));
			const swap = await sparseFile(temp.file('swap'), 4 * mebibyte);
			await run('mkswap', ['-q', swap]);
			const stripes = await fileSystem('stripes', 8, (at) => run('mkfs.ext4', ['-q', '-F', at]));
			for (const [volume, from, count] of [
				['root', ext4, 2],
				['srv-data', xfs, 2],
				['stripes', stripes, 128],
				['swap', swap, 1],
			] as const) {
				expect(await lvm.pieces(`group-0/${volume}`, here)).toHaveLength(count);
				await lvm.write(from, `group-0/${volume}`, here, temp.file('piece'));
			}
			let wraps = false;
			for (let i = 0; i < 60 && !wraps; i++) {
				await lvm.run('lvchange', '-q', '--addtag', `tag-${i}`, 'group-0/empty');
				wraps = await textWraps(here);
			}
			expect(wraps).toBe(true);
			await run('sync', [here]);
		}),
	);
}

/** Whether the text of the first metadata area goes on at the area's start. */
async function textWraps(device: string): Promise<boolean> {
	const handle = await open(device, 'r');
	const { buffer } = await handle.read(Buffer.alloc(512), 0, 512, 4096);
	await handle.close();
	expect(buffer.toString('latin1', 4, 9)).toBe(' LVM2');
	const [size, offset, length] = [0x20, 0x28, 0x30].map((at) => Number(buffer.readBigUInt64LE(at)));
	return offset! + length! > size!;
}

beforeAll(async () => {
	if (!ready || !root) return;
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 150, [
		{ start: 1, size: 8, type: 'U', make: (file) => run('mkfs.fat', [file]).then(() => undefined) },
		{ start: 10, size: 136, type: 'E6D6D379-F507-44C2-A23C-238F2A3DF928', make: makeGroup },
	]);
	const result = await afterimageResult<ImageResult>(['image', disk, '--to', await temp.folder('images')]);
	image = result.files.at(-1)!;
});

describe('the volumes of LVM in a backup', () => {
	it('are folders of their partition, or told to be what they are', async () => {
		const { partitions } = await afterimageResult<FilesLine>(['files', image]);
		expect(partitions).toMatchObject([
			{ partition: 1, fileSystem: 'FAT12' },
			{ partition: 2, fileSystem: 'LVM2' },
		]);
		const { entries } = await afterimageResult<FilesLine>(['files', image, '--partition', '2']);
		expect(Object.fromEntries(entries.map(({ path, kind, note }) => [path, note ?? kind]))).toEqual({
			root: 'folder',
			'srv-data': 'folder',
			stripes: 'folder',
			swap: 'swap',
			wide: 'volume of LVM on several physical volumes',
			far: 'volume of LVM on another physical volume',
			empty: 'volume of unknown contents',
		});
		const { out } = await afterimage(['files', image, '/root/etc', '--partition', '2']);
		expect(out).toMatch(/hosts$/m);
	});

	it('have the files that the kernel finds in them', async () => {
		const to = temp.file('everything');
		await afterimageResult(['extract', image, '/', '--to', to, '--partition', '2']);
		expect((await readdir(to)).sort()).toEqual(['root', 'srv-data', 'stripes']);
		for (const volume of ['root', 'srv-data', 'stripes']) {
			expect(expected.get(volume)!.size).toBeGreaterThan(40);
			expect(await hashTree(join(to, volume))).toEqual(expected.get(volume));
		}
	});

	it('are folders where the backup is mounted, too, and no file of one is a file of another', async () => {
		const folder = await temp.folder('mounted');
		const log = await whileMounted([image, folder, '--partition', '2'], async () => {
			for (const [volume, files] of expected) expect(await hashTree(join(folder, volume))).toEqual(files);
			expect((await run('cat', [join(folder, 'swap')], { codes: [1] })).stderr).toContain('not supported');
			const { stdout } = await run('find', [folder, '-printf', '%i\n']);
			const numbers = stdout.trimEnd().split('\n');
			expect(new Set(numbers).size).toBe(numbers.length);
		});
		expect(log).toEqual([`${folder}/swap: It is a swap, which has no bytes of its own`]);
	});

	it('give single files', async () => {
		const to = temp.file('one');
		await afterimageResult(['extract', image, '/srv-data/etc/hosts', '--to', to, '--partition', '2']);
		expect(await readFile(join(to, 'hosts'), 'utf8')).toBe('127.0.0.1 srv-data\n');
	});
});
