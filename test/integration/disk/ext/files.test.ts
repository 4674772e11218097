import { chmod, lutimes, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sparseFile } from '../../../support/byte-files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { hashFileTree } from '../../../support/walk-tree.ts';
import { factsOfFolder, factsOfTree, withTree } from './tree.ts';

interface Case {
	readonly name: string;
	/** MiB. */
	readonly size: number;
	readonly args: readonly string[];
	/** The kernel mounts blocks up to the size of a page; other images are filled by mkfs, which keeps whole seconds. */
	readonly mount?: boolean;
}

const cases: readonly Case[] = [
	{ name: 'ext2, 1 KiB blocks', size: 40, args: ['-t', 'ext2', '-b', '1024', '-I', '128'] },
	{ name: 'ext2 of revision 0', size: 40, args: ['-t', 'ext2', '-r', '0', '-b', '1024', '-O', 'none'] },
	{ name: 'ext3', size: 64, args: ['-t', 'ext3', '-b', '1024', '-I', '256'] },
	{ name: 'ext3, 4 KiB blocks', size: 64, args: ['-t', 'ext3', '-b', '4096'] },
	{ name: 'ext4 as mkfs makes it', size: 64, args: ['-t', 'ext4', '-b', '4096'] },
	{ name: 'ext4, 1 KiB blocks', size: 64, args: ['-t', 'ext4', '-b', '1024'] },
	{ name: 'ext4, 2 KiB blocks, no 64bit', size: 64, args: ['-t', 'ext4', '-b', '2048', '-O', '^64bit'] },
	{ name: 'ext4, inodes of 128 bytes', size: 64, args: ['-t', 'ext4', '-I', '128'] },
	{ name: 'ext4, inodes of 1 KiB', size: 64, args: ['-t', 'ext4', '-I', '1024', '-O', 'inline_data'] },
	{ name: 'ext4 without extents', size: 64, args: ['-t', 'ext4', '-b', '1024', '-O', '^extent,^64bit'] },
	{ name: 'no file types', size: 64, args: ['-t', 'ext4', '-O', '^filetype'] },
	{ name: 'meta_bg', size: 64, args: ['-t', 'ext4', '-b', '1024', '-O', 'meta_bg,^resize_inode'] },
	{ name: 'bigalloc', size: 100, args: ['-t', 'ext4', '-O', 'bigalloc', '-C', '65536'] },
	{ name: 'bigalloc, 1 KiB blocks', size: 64, args: ['-t', 'ext4', '-b', '1024', '-O', 'bigalloc', '-C', '16384'] },
	{ name: 'uninit_bg', size: 64, args: ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum,uninit_bg,^flex_bg'] },
	{ name: 'metadata_csum_seed', size: 64, args: ['-t', 'ext4', '-O', 'metadata_csum_seed'] },
	{ name: 'inline_data', size: 64, args: ['-t', 'ext4', '-b', '1024', '-I', '256', '-O', 'inline_data'] },
	{ name: 'large_dir, ea_inode, verity', size: 64, args: ['-t', 'ext4', '-O', 'large_dir,ea_inode,encrypt,verity'] },
	{ name: 'casefold, filled by mkfs', size: 64, args: ['-t', 'ext4', '-O', 'casefold,quota'], mount: false },
	{ name: '8 KiB blocks', size: 64, args: ['-t', 'ext4', '-b', '8192'], mount: false },
	{ name: '64 KiB blocks', size: 128, args: ['-t', 'ext4', '-b', '65536'], mount: false },
	{ name: '64 KiB blocks, ext2', size: 128, args: ['-t', 'ext2', '-b', '65536'], mount: false },
	{
		name: '64 KiB blocks, inline_data',
		size: 128,
		args: ['-t', 'ext4', '-b', '65536', '-O', 'inline_data'],
		mount: false,
	},
];

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs']);

/** What `fillFolder` leaves out: every length around which inode, attribute and block take over from each other. */
async function addOddities(folder: string): Promise<void> {
	const random = randomNumbers(7);
	await mkdir(join(folder, 'lengths'));
	for (let length = 0; length < 260; length += 9) {
		await writeFile(join(folder, `lengths/${length}`), random.fill(new Uint8Array(length)));
		if (length > 0) await symlink('x'.repeat(length), join(folder, `lengths/link-${length}`));
	}
	for (const length of [59, 60, 61]) await symlink('y'.repeat(length), join(folder, `lengths/link-${length}`));
	for (let count = 0; count < 12; count++) {
		const inner = join(folder, `few-${count}`);
		await mkdir(inner);
		for (let i = 0; i < count; i++) await writeFile(join(inner, `entry-${i}`), `${i}`);
		if (count > 3) await rm(join(inner, `entry-${count - 3}`));
	}
	await writeFile(join(folder, 'lengthened'), 'short');
	await run('truncate', ['-s', '3000', join(folder, 'lengthened')]);
	await writeFile(join(folder, 'setuid'), 'x', { mode: 0o700 });
	await chmod(join(folder, 'setuid'), 0o6751);
	await chmod(join(folder, 'few-1'), 0o1777);
	for (const [name, year] of Object.entries({
		early: 1931,
		'before 1970': 1969,
		late: 2037,
		later: 2180,
		last: 2445,
	})) {
		await writeFile(join(folder, name), name);
		const time = Date.UTC(year, 5, 7, 8, 9, 10, 123) / 1000;
		await utimes(join(folder, name), time, time);
	}
	await symlink('early', join(folder, 'old link'));
	await lutimes(join(folder, 'old link'), 1e9, 1e9);
}

describe.each(cases)('$name', ({ size, args, mount = true }) => {
	test('every file, link, time and mode as the system has them', async () => {
		const image = await sparseFile(temp.file('image.img'), size * 1024 * 1024);
		const fill = { files: 150, bytes: size * 1024 * 128, unicode: true, links: true };
		const mkfs = ['-q', '-F', ...args];
		const unit = mount ? 1 : 1000;
		let hashes: Map<string, string>;
		let facts: Awaited<ReturnType<typeof factsOfFolder>>;
		if (mount) {
			await run('mke2fs', [...mkfs, image]);
			await mounted(image, ['-o', 'loop'], async (folder) => {
				await fillFolder(folder, size, fill);
				await addOddities(folder);
			});
			[hashes, facts] = await mounted(image, ['-o', 'loop,ro'], async (folder) => [
				await hashTree(folder),
				await factsOfFolder(folder, unit),
			]);
		} else {
			const folder = await temp.folder('content');
			await fillFolder(folder, size, fill);
			await addOddities(folder);
			// Beyond 2038, mke2fs keeps the lower 32 bits of a time alone.
			for (const name of ['later', 'last']) await rm(join(folder, name));
			hashes = await hashTree(folder);
			facts = await factsOfFolder(folder, unit);
			await run('mke2fs', [...mkfs, '-d', folder, image]);
			await rm(folder, { recursive: true });
		}
		await withTree(image, async (tree) => {
			expect(tree.caseSensitive).toBe(true);
			expect(await factsOfTree(tree, unit)).toEqual(facts);
			expect(await hashFileTree(tree)).toEqual(hashes);
		});
	});
});
