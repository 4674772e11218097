import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, lstat, mkdir, open, readdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import type { FileTree } from '../../../../src/disk/files.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { decompressors, hashFileTree, walkTree } from '../../../support/walk-tree.ts';

requireRoot();
requireTools(['mkfs.btrfs', 'btrfs', 'btrfs-convert', 'mkfs.ext4', 'mount', 'fallocate', 'chattr']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;

async function withTree<T>(image: string, fn: (tree: FileTree, source: ByteSource) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = (await btrfsDriver.open(source, {}))!;
		return await fn(await fileSystem.openFiles!({ decompressors }), source);
	} finally {
		await source.close();
	}
}

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

async function writeAt(path: string, data: Uint8Array, at: number): Promise<void> {
	const handle = await open(path, 'r+');
	await handle.write(data, 0, data.length, at);
	await handle.close();
}

/** What a Btrfs can hold: files of all sizes, shared extents, holes, subvolumes in subvolumes and what became of them. */
async function fill(folder: string, seed: number, entries: number): Promise<void> {
	const random = randomNumbers(seed);
	const volume = join(folder, 'volume');
	const subvolume = (...args: string[]) => run('btrfs', ['-q', 'subvolume', ...args]);
	await subvolume('create', volume);
	await fillFolder(volume, seed, { files: 150, bytes: 12 * mebibyte, unicode: true, links: true });
	const text = join(volume, 'text');
	const words = Array.from({ length: 300_000 }, () => `word${random.below(500)}`).join(' ');
	await writeFile(text, words);
	await writeFile(join(volume, 'zeros'), new Uint8Array(3 * mebibyte));
	for (const size of [1, 100, 2000, 2048, 3900, 4095, 4096, 4097, 70_000]) {
		await writeFile(join(volume, `text of ${size}`), words.slice(0, size));
	}
	await run('sync', []);

	// Pieces of shared extents: what is written into one of two files leaves the rest shared.
	await run('cp', ['--reflink=always', text, join(volume, 'text, cloned')]);
	for (const at of [10_000, 131_072, 400_001]) {
		await writeAt(join(volume, 'text, cloned'), random.fill(new Uint8Array(9000)), at);
	}
	await subvolume('create', join(volume, 'nested'));
	await writeFile(join(volume, 'nested', 'in the nested one'), words.slice(500, 9000));
	await subvolume('create', join(volume, 'nested', 'deeper'));
	await symlink('/no/where', join(volume, 'nested', 'deeper', 'link'));
	await subvolume('create', join(folder, 'deleted'));
	await subvolume('snapshot', folder, join(folder, 'snapshot of all'));
	await subvolume('snapshot', '-r', volume, join(folder, 'snapshot'));
	await subvolume('delete', '-c', join(folder, 'deleted'));
	await writeAt(text, random.fill(new Uint8Array(50_000)), 60_000);

	const plain = join(folder, 'plain');
	await mkdir(plain);
	const preallocated = join(plain, 'preallocated');
	await run('fallocate', ['-l', '5M', preallocated]);
	await writeAt(preallocated, random.fill(new Uint8Array(100_000)), mebibyte + 77);
	const beyond = join(plain, 'preallocated beyond its end');
	await writeFile(beyond, 'short');
	await run('fallocate', ['-n', '-l', '2M', beyond]);
	const punched = join(plain, 'punched');
	await writeFile(punched, random.fill(new Uint8Array(2 * mebibyte)));
	await run('sync', []);
	await run('fallocate', ['-p', '-o', '300000', '-l', '700000', punched]);
	const grown = join(plain, 'cut, then grown');
	await writeFile(grown, words.slice(0, 300_000));
	await run('sync', []);
	await truncate(grown, 150_001);
	await truncate(grown, 500_000);
	await run('fallocate', ['-l', '4096', join(plain, 'tail')]);
	const unchecked = join(plain, 'without checksums');
	await writeFile(unchecked, '');
	await run('chattr', ['+C', unchecked]);
	await writeFile(unchecked, words);
	await writeFile(join(plain, 'unwritten'), '');
	await truncate(join(plain, 'unwritten'), 3 * mebibyte + 5);

	await run('mkfifo', [join(plain, 'pipe')]);
	await run('mknod', [join(plain, 'character'), 'c', '1', '3']);
	await run('mknod', [join(plain, 'block'), 'b', '7', '0']);
	const server = createServer().listen(join(plain, 'socket'));
	await once(server, 'listening');
	// Closed, it would remove the socket.
	await run('mv', [join(plain, 'socket'), join(plain, 'socket that stays')]);
	server.close();
	for (const [i, mode] of [0o4755, 0o1777, 0, 0o640].entries()) {
		const path = join(plain, `mode ${i}`);
		await writeFile(path, 'x');
		await chmod(path, mode);
		await utimes(path, 0, [-123456789.25, 0, 1e9 + 0.123, 2 ** 33][i]!);
	}
	const many = join(folder, 'many');
	await mkdir(many);
	for (let i = 0; i < entries; i++) await (await open(join(many, `entry ${i} with some more of a name`), 'w')).close();
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

test('the second copies of nodes and data are read where the first are damaged or cannot be read', async () => {
	const image = await sparseFile(temp.file('doubled'), 280 * mebibyte);
	await run('mkfs.btrfs', ['-q', '-d', 'dup', '-m', 'dup', image]);
	const hashes = await mounted(image, ['-o', 'loop,compress=zstd'], async (folder) => {
		await fillFolder(folder, 4, { files: 60, bytes: 4 * mebibyte });
		const unchecked = join(folder, 'unchecked');
		await writeFile(unchecked, '');
		await run('chattr', ['+C', unchecked]);
		await writeFile(unchecked, 'no checksums '.repeat(20_000));
		return hashTree(folder);
	});
	const { stdout } = await run('btrfs', ['inspect-internal', 'dump-tree', '-t', 'chunk', image]);
	const chunks = [...stdout.matchAll(/length (\d+) .*type (\S+)\|DUP[^]*?stripe 0 devid 1 offset (\d+)/g)]
		.map(([, length, type, offset]) => ({ length: Number(length), type: type!, offset: Number(offset) }))
		.filter(({ type }) => type !== 'SYSTEM');
	expect(new Set(chunks.map(({ type }) => type))).toEqual(new Set(['DATA', 'METADATA']));

	const source = await fileSource(image);
	const spoiled = (damage: (target: Uint8Array) => void): ByteSource => ({
		size: source.size,
		async read(offset, target) {
			await source.read(offset, target);
			if (chunks.some((chunk) => offset >= chunk.offset && offset < chunk.offset + chunk.length)) damage(target);
		},
	});
	const open = async (volume: ByteSource) => (await btrfsDriver.open(volume, {}))!.openFiles!({ decompressors });
	try {
		const unreadable = spoiled(() => {
			throw new AfterimageError('read-error', 'broken');
		});
		expect(await hashFileTree(await open(unreadable))).toEqual(hashes);
		const changed = spoiled((target) => (target[target.length >> 1]! ^= 1));
		const found = await hashFileTree(await open(changed));
		// What has no checksum is believed.
		expect(found.get('unchecked')).not.toBe(hashes.get('unchecked'));
		found.set('unchecked', hashes.get('unchecked')!);
		expect(found).toEqual(hashes);
	} finally {
		await source.close();
	}
});

test('extents that lie side by side are read at once', async () => {
	const image = await sparseFile(temp.file('pieces'), 280 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	const content = randomNumbers(9).fill(new Uint8Array(mebibyte));
	await mounted(image, ['-o', 'loop'], async (folder) => {
		const path = join(folder, 'file');
		await writeFile(path, '');
		for (let at = 0; at < content.length; at += mebibyte / 16) {
			await writeAt(path, content.subarray(at, at + mebibyte / 16), at);
			await run('sync', []);
		}
	});
	const source = await fileSource(image);
	let reads = 0;
	const counted: ByteSource = {
		size: source.size,
		read: (offset, target) => {
			reads++;
			return source.read(offset, target);
		},
	};
	try {
		const tree = await (await btrfsDriver.open(counted, {}))!.openFiles!({ decompressors });
		const [node] = await tree.root.list();
		if (node?.kind !== 'file') return expect.fail('no file');
		const file = await node.open();
		const bytes = new Uint8Array(mebibyte);
		// The first time also nodes are read.
		await file.read(0, bytes);
		reads = 0;
		await file.read(0, bytes);
		expect(bytes).toEqual(content);
		expect(reads).toBeLessThan(4);
	} finally {
		await source.close();
	}
});

test('names that are no UTF-8 are shown by their bytes', async () => {
	const image = await sparseFile(temp.file('names'), 120 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	await mounted(image, ['-o', 'loop'], async (folder) => {
		const name = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9, 0xff)]);
		await writeFile(name, 'x');
		await symlink(Buffer.of(0x61, 0x80), join(folder, 'link'));
	});
	await withTree(image, async (tree) => {
		expect(tree.caseSensitive).toBe(true);
		expect((await tree.root.list()).map(({ name }) => name)).toEqual(['caf\\xe9\\xff', 'link']);
		expect((await hashFileTree(tree)).get('link')).toBe('-> a\\x80');
	});
});

test('with a tree log the files are those of the last transaction', async () => {
	const image = await sparseFile(temp.file('logged'), 256 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	const live = temp.file('live');
	const hashes = await mounted(image, ['-o', 'loop,commit=300'], async (folder) => {
		await fillFolder(folder, 5, { files: 60, bytes: 4 * mebibyte });
		await run('sync', []);
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

test('what cannot be followed is not supported, with the reason', async () => {
	const striped = await sparseFile(temp.file('striped'), 300 * mebibyte);
	await run('mkfs.btrfs', ['-q', striped]);
	await mounted(striped, ['-o', 'loop'], async (folder) => {
		await writeFile(join(folder, 'file'), new Uint8Array(mebibyte).fill(1));
		await run('sync', []);
		await run('btrfs', ['balance', 'start', '-f', '-dconvert=raid0', folder]);
	});
	const pair = [await sparseFile(temp.file('one'), 128 * mebibyte), await sparseFile(temp.file('two'), 128 * mebibyte)];
	await run('mkfs.btrfs', ['-q', '-m', 'raid1', '-d', 'single', ...pair]);
	const refusal = (image: string) => expect(withTree(image, () => expect.fail('opened'))).rejects;
	await refusal(striped).toThrow(/profile RAID0/);
	await refusal(pair[0]!).toThrow(/over 2 devices/);
	for (const image of [striped, pair[0]!]) await refusal(image).toMatchObject({ code: 'not-supported' });
	await run('btrfs', ['device', 'scan', '--forget'], { codes: [0, 1] });
});
