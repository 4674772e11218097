import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { difference, dumpe2fs, readMap } from './oracle.ts';

interface Case {
	readonly name: string;
	/** MiB. */
	readonly size: number;
	readonly args: readonly string[];
	/** The kernel mounts blocks up to the size of a page; other images are filled by mkfs and read with debugfs. */
	readonly mount?: boolean;
	/** Bytes behind the file system in its partition. */
	readonly tail?: number;
	readonly files?: number;
}

const cases: readonly Case[] = [
	{ name: 'ext2, 1 KiB blocks', size: 64, args: ['-t', 'ext2', '-b', '1024'] },
	{ name: 'ext2 of revision 0', size: 40, args: ['-t', 'ext2', '-r', '0', '-b', '1024', '-O', 'none'] },
	{ name: 'ext3, several groups', size: 300, args: ['-t', 'ext3'] },
	{ name: 'ext4 as mkfs makes it', size: 300, args: ['-t', 'ext4', '-b', '4096'] },
	{ name: 'ext4, 1 KiB blocks', size: 100, args: ['-t', 'ext4', '-b', '1024'] },
	{ name: 'ext4, 2 KiB blocks, no 64bit', size: 150, args: ['-t', 'ext4', '-b', '2048', '-O', '^64bit'] },
	{ name: 'ext4 without a journal', size: 150, args: ['-t', 'ext4', '-O', '^has_journal'] },
	{ name: 'meta_bg', size: 200, args: ['-t', 'ext4', '-b', '1024', '-O', 'meta_bg,^resize_inode'] },
	{
		name: 'meta_bg with narrow descriptors',
		size: 300,
		args: ['-t', 'ext4', '-b', '1024', '-O', 'meta_bg,^resize_inode,^64bit'],
	},
	{ name: 'bigalloc, clusters of 64 KiB', size: 300, args: ['-t', 'ext4', '-O', 'bigalloc', '-C', '65536'] },
	{
		name: 'bigalloc, clusters of 1 MiB',
		size: 300,
		args: ['-t', 'ext4', '-O', 'bigalloc', '-C', '1048576'],
		files: 60,
	},
	{ name: 'bigalloc, 1 KiB blocks', size: 128, args: ['-t', 'ext4', '-b', '1024', '-O', 'bigalloc', '-C', '16384'] },
	{ name: 'sparse_super2', size: 200, args: ['-t', 'ext4', '-b', '1024', '-O', 'sparse_super2'] },
	{
		name: 'a backup in every group',
		size: 200,
		args: ['-t', 'ext4', '-b', '1024', '-O', '^sparse_super,^resize_inode'],
	},
	{ name: 'no flex_bg', size: 300, args: ['-t', 'ext4', '-b', '1024', '-O', '^flex_bg'] },
	{ name: 'uninit_bg', size: 300, args: ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum,uninit_bg'] },
	{
		name: 'uninit_bg without flex_bg',
		size: 300,
		args: ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum,uninit_bg,^flex_bg'],
	},
	{
		name: 'uninit_bg, narrow descriptors',
		size: 300,
		args: ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum,uninit_bg,^64bit'],
	},
	{ name: 'no checksums at all', size: 200, args: ['-t', 'ext4', '-O', '^metadata_csum,^uninit_bg'] },
	{ name: 'metadata_csum_seed', size: 200, args: ['-t', 'ext4', '-O', 'metadata_csum_seed'] },
	{ name: 'metadata_csum, narrow descriptors', size: 200, args: ['-t', 'ext4', '-O', '^64bit'] },
	{ name: 'large flex groups', size: 300, args: ['-t', 'ext4', '-b', '1024', '-G', '64', '-E', 'lazy_itable_init=1'] },
	{
		name: 'small groups',
		size: 100,
		args: ['-t', 'ext4', '-b', '1024', '-g', '1024', '-N', '4096', '-O', '^resize_inode'],
	},
	{
		name: 'stride and tables written',
		size: 100,
		args: ['-t', 'ext4', '-E', 'stride=4,stripe_width=8,lazy_itable_init=0'],
	},
	{ name: 'a tiny volume', size: 2, args: ['-t', 'ext4'] },
	{ name: 'a tail that is no whole block', size: 64, args: ['-t', 'ext4'], tail: 70_000 },
	{
		name: 'inline_data, orphan_file',
		size: 100,
		args: ['-t', 'ext4', '-I', '256', '-O', 'inline_data,orphan_file'],
	},
	{
		name: 'large_dir, ea_inode, encrypt, verity',
		size: 100,
		args: ['-t', 'ext4', '-O', 'large_dir,ea_inode,encrypt,verity,stable_inodes'],
	},
	{
		name: 'fast_commit, casefold, quota, project',
		size: 100,
		args: ['-t', 'ext4', '-O', 'fast_commit,casefold,quota,project'],
		mount: false,
	},
	{ name: '8 KiB blocks', size: 200, args: ['-t', 'ext4', '-b', '8192'], mount: false },
	{ name: '64 KiB blocks', size: 256, args: ['-t', 'ext4', '-b', '65536'], mount: false },
	{
		name: '64 KiB blocks, bigalloc',
		size: 300,
		args: ['-t', 'ext4', '-b', '65536', '-O', 'bigalloc', '-C', '262144'],
		mount: false,
	},
];

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs', 'e2fsck', 'dumpe2fs', 'debugfs', 'blkid']);

describe.each(cases)('$name', ({ size, args, mount = true, tail = 0, files = Math.min(400, size * 5) }) => {
	test('the map is exact, and a copy of it passes e2fsck with every file', async () => {
		const bytes = size * 1024 * 1024;
		const image = await sparseFile(temp.file('source.img'), bytes + tail);
		const target = temp.file('target.img');
		const mkfs = ['-q', '-F', '-L', 'Größe', ...args];
		const blocks = String(bytes / 1024) + 'k';
		const fill = { files, bytes: bytes / 8, unicode: true, links: true };
		let hashes: Map<string, string>;
		const read = async (path: string): Promise<Map<string, string>> => {
			if (mount) return mounted(path, ['-o', 'loop,ro'], hashTree);
			const folder = await temp.folder('dump');
			await run('debugfs', ['-R', `rdump / ${folder}`, path]);
			const found = await hashTree(folder);
			await rm(folder, { recursive: true });
			return found;
		};
		if (mount) {
			await run('mke2fs', [...mkfs, image, blocks]);
			hashes = await mounted(image, ['-o', 'loop'], async (folder) => {
				await fillFolder(folder, size, fill);
				return hashTree(folder);
			});
		} else {
			const folder = await temp.folder('content');
			await fillFolder(folder, size, fill);
			hashes = await hashTree(folder);
			await run('mke2fs', [...mkfs, '-d', folder, image, blocks]);
			await rm(folder, { recursive: true });
		}
		await run('debugfs', ['-w', '-R', `ea_set sparse.bin user.note ${'x'.repeat(600)}`, image]);
		// Neither debugfs nor mke2fs -d count what they write towards the quotas.
		if (args.some((arg) => arg.includes('quota'))) await run('e2fsck', ['-fy', image], { codes: [0, 1] });
		expect(await read(image)).toEqual(hashes);

		const dump = await dumpe2fs(image, bytes + tail);
		const { fileSystem, used } = await readMap(image, dump.blockSize);
		expect(difference(dump.used, used)).toEqual({ missing: [], surplus: [] });
		const { info } = fileSystem;
		const kind = (await run('blkid', ['-p', '-o', 'value', '-s', 'TYPE', image])).stdout.trim();
		const uuid = (await run('blkid', ['-p', '-o', 'value', '-s', 'UUID', image])).stdout.trim();
		expect(info).toMatchObject({ type: kind, uuid, label: 'Größe', dirty: undefined, reservedBytes: 0 });
		expect(info.size).toBe(dump.blocks * dump.blockSize);
		expect(info.free).toBe(dump.freeBlocks * dump.blockSize);
		expect(info.used).toBe(info.size - info.free);
		expect(info.freeClusters * info.clusterSize).toBe(info.free);
		const clusterSize = /^Cluster size: +(\d+)/m.exec(dump.text)?.[1];
		expect(info.clusterSize).toBe(Number(clusterSize ?? dump.blockSize));

		for (const blockSize of [65536, info.clusterSize]) {
			await copyUsed(extDriver, image, target, { blockSize });
			await run('e2fsck', ['-fn', target]);
			expect(await read(target)).toEqual(hashes);
		}
	});
});
