import { createHash } from 'node:crypto';
import { link, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryBytes, readBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../../../src/base/errors.ts';
import type { FileNode, FileTree, FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { askExtents, decompressors } from '../../../support/walk-tree.ts';
import { packedSample, sampleBytes } from '../../../unit/disk/ntfs/packed-samples.ts';
import { linkData, reparsePoint, reparseTag } from '../../../unit/disk/ntfs/sample-reparse.ts';
import { makeNtfs, ntfsTools } from './tools.ts';
import { nodesOf, withTree } from './tree.ts';

requireTools([...ntfsTools, 'ntfsls', 'ntfscat', 'ntfsfallocate', 'mkfifo', 'mknod']);
requireRoot();
const temp = useTempFolder();

function mountedWith<T>(image: string, options: string, fn: (folder: string) => Promise<T>): Promise<T> {
	return mounted(image, { command: 'ntfs-3g', args: ['-o', `no_detach,compression,${options}`] }, fn);
}

async function setAttribute(path: string, name: string, value: Uint8Array): Promise<void> {
	await run('setfattr', ['-h', '-n', name, '-v', `0x${Buffer.from(value).toString('hex')}`, path]);
}

/** A file or an empty folder becomes what the tag says. */
const setReparsePoint = (path: string, tag: number, data: Uint8Array) =>
	setAttribute(path, 'system.ntfs_reparse_data', reparsePoint(tag, data));

async function addCompressedFolder(path: string): Promise<void> {
	await mkdir(path);
	await setAttribute(path, 'system.ntfs_attrib_be', Uint8Array.of(0, 0, 8, 0x10));
}

/** A file as `compact /exe` leaves it. Algorithms: 0 XPRESS4K, 1 LZX, 2 XPRESS8K, 3 XPRESS16K. */
async function addWof(path: string, sample: string, algorithm: number): Promise<void> {
	await writeFile(path, '');
	await truncate(path, sampleBytes().length);
	await writeFile(`${path}:WofCompressedData`, packedSample(sample));
	await setReparsePoint(path, reparseTag.wof, new Uint8Array(Uint32Array.of(1, 2, 1, algorithm).buffer));
}

async function contents(node: TreeNode | undefined): Promise<Buffer> {
	if (node?.kind !== 'file') throw new Error(`not a file: ${JSON.stringify(node)}`);
	const source = await node.open();
	expect(source.size).toBe(node.size);
	return Buffer.from(await readBytes(source, 0, source.size));
}

const targetOf = (node: TreeNode | undefined) => (node?.kind === 'link' ? node.target() : JSON.stringify(node));

test('reads what Windows keeps compressed beside NTFS', async () => {
	const image = await makeNtfs(temp.file('volume.img'), 20, ['-Q', '-c', '4096']);
	const samples = ['xpress4k', 'lzx', 'xpress8k', 'xpress16k'];
	await mountedWith(image, 'streams_interface=windows', async (folder) => {
		for (const [algorithm, sample] of samples.entries()) await addWof(join(folder, sample), sample, algorithm);
	});
	await withTree(image, async (tree) => {
		const nodes = await nodesOf(tree);
		expect([...nodes.keys()].sort()).toEqual(samples.toSorted());
		for (const node of nodes.values()) expect(Buffer.compare(await contents(node), sampleBytes()), node.name).toBe(0);
	});
});

test('tells links of Windows, of Linux and of Interix, and files without bytes', async () => {
	const image = await makeNtfs(temp.file('volume.img'), 20, ['-Q']);
	await mountedWith(image, 'special_files=wsl', async (folder) => {
		await symlink('a/ü 🗝', join(folder, 'wsl'));
		await run('mkfifo', [join(folder, 'pipe')]);
		await run('mknod', [join(folder, 'character'), 'c', '1', '3']);
		await run('mknod', [join(folder, 'block'), 'b', '7', '0']);
	});
	await mountedWith(image, 'special_files=interix', async (folder) => {
		await symlink('../interix/ü 🗝', join(folder, 'interix'));
		await run('mknod', [join(folder, 'interix character'), 'c', '1', '3']);
		await run('mknod', [join(folder, 'interix block'), 'b', '7', '0']);
		await mkdir(join(folder, 'junction'));
		await setReparsePoint(
			join(folder, 'junction'),
			reparseTag.mountPoint,
			linkData('\\??\\C:\\Users\\ü', 'C:\\Users\\ü'),
		);
		await mkdir(join(folder, 'folder link'));
		await setReparsePoint(join(folder, 'folder link'), reparseTag.symbolicLink, linkData('..\\other', '..\\other', 1));
		await writeFile(join(folder, 'share'), '');
		await setReparsePoint(
			join(folder, 'share'),
			reparseTag.symbolicLink,
			linkData('\\??\\UNC\\server\\share\\f', '\\\\server\\share\\f', 0),
		);
	});
	await withTree(image, async (tree) => {
		const nodes = await nodesOf(tree);
		const targets = new Map<string, string>();
		for (const [path, node] of nodes) targets.set(path, node.kind === 'special' ? node.what : await targetOf(node));
		expect(Object.fromEntries(targets)).toEqual({
			wsl: 'a/ü 🗝',
			pipe: 'pipe',
			character: 'character device',
			block: 'block device',
			interix: '../interix/ü 🗝',
			'interix character': 'character device',
			'interix block': 'block device',
			junction: 'C:\\Users\\ü',
			'folder link': '..\\other',
			share: '\\\\server\\share\\f',
		});
	});
});

test('reads as zeros what was never written, and agrees with ntfsls and ntfscat', async () => {
	const image = await makeNtfs(temp.file('volume.img'), 40, ['-Q', '-c', '4096']);
	const noise = randomNumbers(3).fill(new Uint8Array(50_000));
	const text = Array.from({ length: 30_000 }, (_, i) => `${i} `).join('');
	await mountedWith(image, 'streams_interface=windows', async (folder) => {
		await writeFile(join(folder, 'noise'), noise);
		// Clusters that hold something, of which nothing may be seen.
		await writeFile(join(folder, 'gone'), new Uint8Array(5_000_000).fill(0x77));
		await rm(join(folder, 'gone'));
		await writeFile(join(folder, 'allocated'), noise);
		await addCompressedFolder(join(folder, 'compressed'));
		await writeFile(join(folder, 'compressed', 'text'), text);
		await writeFile(join(folder, 'noise:other stream'), 'not the file');
	});
	await run('ntfsfallocate', ['-l', '3000000', image, 'allocated']);
	const { stdout: allocated } = await run('ntfsinfo', ['-F', 'allocated', '-v', image]);
	expect(allocated).toMatch(/Initialized size:\s+50000/);
	const { stdout: flags } = await run('ntfsinfo', ['-F', 'compressed/text', '-v', image]);
	expect(flags).toMatch(/Compressed size:\s+\d/);

	const judged = async (path: string) => {
		const out = temp.file('judged');
		await run('sh', ['-c', 'ntfscat "$1" "$2" > "$3"', 'sh', image, path, out]);
		return createHash('sha256')
			.update(await readFile(out))
			.digest('hex');
	};
	await withTree(image, async (tree) => {
		const nodes = await nodesOf(tree);
		const { stdout } = await run('ntfsls', ['-p', '/', image]);
		expect((await tree.root.list()).map(({ name }) => name).sort()).toEqual(stdout.trim().split('\n').sort());
		for (const path of ['noise', 'allocated', 'compressed/text'])
			expect(
				createHash('sha256')
					.update(await contents(nodes.get(path)))
					.digest('hex'),
				path,
			).toBe(await judged(path));
		const bytes = await contents(nodes.get('allocated'));
		expect(bytes.length).toBe(3_000_000);
		expect(Buffer.compare(bytes.subarray(0, 50_000), noise)).toBe(0);
		expect(bytes.subarray(50_000).every((byte) => byte === 0)).toBe(true);
	});
});

/** A source that is not read without end. */
function bounded(bytes: Uint8Array): ByteSource {
	const source = new MemoryBytes(bytes);
	let left = 20_000;
	return {
		size: bytes.length,
		read(offset, target) {
			if (--left < 0) throw new Error('too many reads');
			if (target.length > bytes.length) throw new Error('a read larger than the volume');
			return source.read(offset, target);
		},
	};
}

/** Reads a file's start and end. @returns whether it could be read */
async function readEnds(node: FileNode): Promise<boolean> {
	try {
		const source = await node.open();
		if (source.size !== node.size) throw new Error(`${node.name}: ${node.size} listed, ${source.size} opened`);
		const piece = Math.min(source.size, 300_000);
		await readBytes(source, 0, piece);
		await readBytes(source, source.size - piece, piece);
		return true;
	} catch (error) {
		if (error instanceof AfterimageError) return false;
		throw error;
	}
}

/** Walks a tree that may hold anything. @returns how many nodes it has, and how many of them are damaged */
async function walkDamaged(tree: FileTree): Promise<{ nodes: number; damaged: number }> {
	let nodes = 0;
	let damaged = 0;
	const visit = async (folder: FolderNode): Promise<void> => {
		let list: readonly TreeNode[];
		try {
			list = await folder.list();
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged')) throw error;
			damaged++;
			return;
		}
		for (const node of list) {
			if (++nodes > 1000) throw new Error('a walk without end');
			expect(node.name).not.toMatch(/^\.{0,2}$|[/\0]/);
			await askExtents(node, Infinity);
			if (node.kind === 'folder') await visit(node);
			else if (node.kind === 'damaged') damaged++;
			else if (node.kind === 'file' && !(await readEnds(node))) damaged++;
			else if (node.kind === 'link')
				await node.target().catch((error: unknown) => expect(error).toBeInstanceOf(AfterimageError));
		}
	};
	await visit(tree.root);
	return { nodes, damaged };
}

test('a volume with flipped bits is read as far as it goes, and never without end', async () => {
	const image = await makeNtfs(temp.file('volume.img'), 4, ['-Q', '-c', '512']);
	const random = randomNumbers(77);
	await mountedWith(image, 'streams_interface=windows', async (folder) => {
		await addWof(join(folder, 'xpress4k'), 'xpress4k', 0);
		await addWof(join(folder, 'lzx'), 'lzx', 1);
		await addCompressedFolder(join(folder, 'compressed'));
		await writeFile(join(folder, 'compressed', 'text'), Array.from({ length: 20_000 }, (_, i) => `${i} `).join(''));
		await symlink('xpress4k', join(folder, 'link'));
		await mkdir(join(folder, 'many'));
		for (let i = 0; i < 60; i++) await writeFile(join(folder, 'many', `a file ${i}`), `${i}`.repeat(i * 9));
		await link(join(folder, 'many', 'a file 59'), join(folder, 'again'));
		await mkdir(join(folder, 'many', 'below'));
		await writeFile(join(folder, 'sparse'), 'x');
		await truncate(join(folder, 'sparse'), 500_000);
	});
	const sound = new Uint8Array(await readFile(image));
	// Where structures are: what holds nothing is not worth a flip.
	const places: number[] = [];
	for (let at = 0; at < sound.length; at += 16)
		if (sound.subarray(at, at + 16).some((byte) => byte !== 0 && byte !== 0xff)) places.push(at);
	const walked = async (bytes: Uint8Array) => {
		const fileSystem = await ntfsDriver.open(bounded(bytes), {});
		return fileSystem && walkDamaged(await fileSystem.openFiles!({ decompressors }));
	};
	const all = { nodes: 69, damaged: 0 };
	expect(await walked(sound)).toEqual(all);
	const counts = { whole: 0, damaged: 0, refused: 0 };
	for (let i = 0; i < 400; i++) {
		const bytes = sound.slice();
		for (let flips = 1 + random.below(i % 4 === 0 ? 60 : 6); flips > 0; flips--)
			bytes[places[random.below(places.length)]! + random.below(16)]! ^= 1 << random.below(8);
		try {
			const found = await walked(bytes);
			if (found === undefined) counts.refused++;
			else if (found.damaged > 0) counts.damaged++;
			else if (found.nodes === all.nodes) counts.whole++;
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged')) throw error;
			counts.refused++;
		}
	}
	expect(counts.whole).toBeGreaterThan(20);
	expect(counts.damaged).toBeGreaterThan(50);
});
