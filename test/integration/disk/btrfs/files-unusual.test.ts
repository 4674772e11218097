import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { decompressors, hashFileTree } from '../../../support/walk-tree.ts';
import { writeAt } from './filled.ts';
import { withTree } from './opened.ts';

requireRoot();
requireTools(['mkfs.btrfs', 'btrfs', 'mount', 'chattr']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;

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
			await run('sync', ['-f', folder]);
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

test('what cannot be followed is not supported, with the reason', async () => {
	const striped = await sparseFile(temp.file('striped'), 300 * mebibyte);
	await run('mkfs.btrfs', ['-q', striped]);
	await mounted(striped, ['-o', 'loop'], async (folder) => {
		await writeFile(join(folder, 'file'), new Uint8Array(mebibyte).fill(1));
		await run('sync', ['-f', folder]);
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
