import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileTree } from '../../../../src/disk/files.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { hashFileTree, walkTree } from '../../../support/walk-tree.ts';
import { fill } from './filled.ts';
import { withTree } from './opened.ts';

requireRoot();
requireTools(['mkfs.btrfs', 'btrfs', 'btrfs-convert', 'mkfs.ext4', 'mount', 'fallocate', 'chattr']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;

const kinds: [is: 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice', what: string][] = [
	['isFIFO', 'pipe'],
	['isSocket', 'socket'],
	['isCharacterDevice', 'character device'],
	['isBlockDevice', 'block device'],
];

/** Kind, size, mode and time of everything below the folder, as text. */
async function factsOf(folder: string): Promise<Map<string, string>> {
	const facts = new Map<string, string>();
	for (const name of await readdir(folder, { recursive: true })) {
		const stat = await lstat(join(folder, name), { bigint: true });
		const special = kinds.find(([is]) => stat[is]())?.[1];
		const kind = special ?? (stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : `file ${stat.size}`);
		// The folder that stands for a subvolume that is not there has a number of its own, and no time.
		const time =
			stat.ino === 2n ? 'none' : (stat.mtimeNs - (((stat.mtimeNs % 1000000n) + 1000000n) % 1000000n)) / 1000000n;
		facts.set(name, `${kind}, ${(Number(stat.mode) & 0o7777).toString(8)}, ${time}`);
	}
	return facts;
}

async function factsOfTree(tree: FileTree): Promise<Map<string, string>> {
	const facts = new Map<string, string>();
	await walkTree(tree, (path, node) => {
		const kind = node.kind === 'special' ? node.what : node.kind === 'file' ? `file ${node.size}` : node.kind;
		facts.set(path, `${kind}, ${node.mode?.toString(8)}, ${node.modified ?? 'none'}`);
	});
	return facts;
}

const cases: [name: string, mkfs: string, mount: string, entries: number][] = [
	['the defaults', '-L Data-ü', '', 20_000],
	['zlib, one copy of metadata, nodes of 4 KiB', '-m single -n 4096', ',compress-force=zlib', 2000],
	['lzo, mixed chunks', '-M -n 4096', ',compress-force=lzo', 0],
	['zstd, nodes of 64 KiB', '-n 65536', ',compress-force=zstd', 0],
	['lzo, two copies of data too, old extent items', '-d dup -m dup -O ^skinny-metadata', ',compress-force=lzo', 0],
	['zlib, xxhash', '--csum xxhash', ',compress-force=zlib:9', 0],
	['zstd, SHA-256, explicit holes', '--csum sha256 -O ^no-holes', ',compress-force=zstd:15', 0],
	['BLAKE2, explicit holes', '--csum blake2 -O ^no-holes', ',max_inline=4095', 0],
	['no checksums of data', '', ',nodatasum', 0],
];

test.each(cases)(
	'the files of a file system with %s are those of the mounted one',
	async (name, mkfs, mount, entries) => {
		const image = await sparseFile(temp.file('image'), 400 * mebibyte);
		await run('mkfs.btrfs', ['-q', ...mkfs.split(' ').filter((word) => word !== ''), image]);
		await mounted(image, ['-o', `loop${mount}`], (folder) => fill(folder, name.length, entries));
		const [hashes, facts] = await mounted(image, ['-o', 'loop,ro'], async (folder) => [
			await hashTree(folder),
			await factsOf(folder),
		]);
		expect(facts.get('volume/nested/in the nested one')).toBeDefined();
		expect(facts.get('snapshot/nested')).toMatch(/folder, 755, none/);
		expect(facts.get('snapshot of all/deleted')).toMatch(/folder, 755, none/);
		await withTree(image, async (tree) => {
			expect(await hashFileTree(tree)).toEqual(hashes);
			expect(await factsOfTree(tree)).toEqual(facts);
		});
	},
);

test('with a tree log the files are those of the last transaction', async () => {
	const image = await sparseFile(temp.file('logged'), 256 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	const live = temp.file('live');
	const hashes = await mounted(image, ['-o', 'loop,commit=300'], async (folder) => {
		await fillFolder(folder, 5, { files: 60, bytes: 4 * mebibyte });
		await run('sync', ['-f', folder]);
		const before = await hashTree(folder);
		await writeFile(join(folder, 'logged'), 'written to the tree log'.repeat(1000), { flush: true });
		await run('cp', ['--sparse=always', image, live]);
		return before;
	});
	expect((await run('btrfs', ['inspect-internal', 'dump-super', live])).stdout).toMatch(/log_root\s+[1-9]/);
	await withTree(live, async (tree) => expect(await hashFileTree(tree)).toEqual(hashes));
});

test('the files of a file system that was ext4 before', async () => {
	const image = await sparseFile(temp.file('converted'), 300 * mebibyte);
	await run('mkfs.ext4', ['-q', '-b', '4096', image]);
	await mounted(image, ['-o', 'loop'], (folder) =>
		fillFolder(folder, 8, { files: 100, bytes: 8 * mebibyte, links: true }),
	);
	await run('btrfs-convert', ['--no-progress', image]);
	const hashes = await mounted(image, ['-o', 'loop,ro'], hashTree);
	expect([...hashes.keys()]).toContain('ext2_saved/image');
	await withTree(image, async (tree) => expect(await hashFileTree(tree)).toEqual(hashes));
});
