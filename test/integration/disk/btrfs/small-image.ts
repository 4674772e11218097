import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { FileTree, FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { run } from '../../../support/run.ts';
import { askExtents } from '../../../support/walk-tree.ts';
import { EditableImage } from './editable.ts';

/** A file system to be damaged, and what a walk finds in it before. */
export interface SmallImage {
	readonly image: EditableImage;
	readonly pristine: ReadonlyMap<string, string>;
}

const imageSize = 16 * 1024 * 1024;

/** Makes a file system of 16 MiB at a path, with something of everything, all of which can be read. */
export async function smallImage(path: string): Promise<SmallImage> {
	await sparseFile(path, imageSize);
	await run('mkfs.btrfs', ['-q', '-M', '-m', 'single', '-n', '4096', path]);
	await mounted(path, ['-o', 'loop'], fill);
	const image = await EditableImage.read(path, walk);
	const pristine = await walk(await image.open());
	expect(pristine.size).toBeGreaterThan(100);
	expect([...pristine.values()].filter((value) => value.includes('error'))).toEqual([]);
	return { image, pristine };
}

async function fill(folder: string): Promise<void> {
	const random = randomNumbers(3);
	await mkdir(join(folder, 'outer/inner/innermost'), { recursive: true });
	await writeFile(join(folder, 'outer/other'), 'beside the inner one');
	await run('btrfs', ['-q', 'subvolume', 'create', join(folder, 'sub')]);
	await run('btrfs', ['-q', 'subvolume', 'create', join(folder, 'sub/below')]);
	await writeFile(join(folder, 'sub/below/file'), 'in a subvolume');
	const words = Array.from({ length: 60_000 }, () => `word${random.below(300)}`).join(' ');
	for (const kind of ['zlib', 'lzo', 'zstd']) {
		for (const [name, size] of [
			['short', 1500],
			['long', 300_000],
		] as const) {
			const path = join(folder, `${kind} ${name}`);
			await writeFile(path, '');
			await run('btrfs', ['property', 'set', path, 'compression', kind]);
			await writeFile(path, words.slice(0, size));
		}
	}
	await writeFile(join(folder, 'plain'), random.fill(new Uint8Array(200_000)));
	await run('sync', ['-f', folder]);
	await run('cp', ['--reflink=always', join(folder, 'plain'), join(folder, 'clone')]);
	await run('fallocate', ['-p', '-o', '40960', '-l', '40960', join(folder, 'clone')]);
	await writeFile(join(folder, 'inline'), 'a few bytes');
	await symlink('inline', join(folder, 'link'));
	for (let i = 0; i < 90; i++) await writeFile(join(folder, 'outer', `entry ${i}`), `content ${i}`);
	await run('btrfs', ['-q', 'subvolume', 'snapshot', folder, join(folder, 'snapshot')]);
}

/** Bytes of a file that are read at most: damage may have made it longer than any disk. */
const readLimit = 512 * 1024;

async function contents(node: TreeNode): Promise<string> {
	switch (node.kind) {
		case 'file': {
			const source = await node.open();
			const hash = createHash('sha256');
			for (let at = 0; at < Math.min(source.size, readLimit);) {
				const bytes = await readBytes(source, at, Math.min(50_001, source.size - at));
				hash.update(bytes);
				at += bytes.length;
			}
			await readBytes(source, Math.max(0, source.size - 10), Math.min(10, source.size));
			return `${node.size} ${hash.digest('hex')}`;
		}
		case 'link':
			return `-> ${await node.target()}`;
		case 'damaged':
			return `error ${node.reason}`;
		case 'special':
			return node.what;
		case 'folder':
			return 'folder';
	}
}

/** Everything that can be read, with `error` for what cannot; another exception than ours fails. */
export async function walk(tree: FileTree): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	const refused = (error: unknown) => {
		if (!(error instanceof AfterimageError)) throw error;
		return `error ${error.code} ${error.message}`;
	};
	const visit = async (folder: FolderNode, above: string): Promise<void> => {
		let nodes: readonly TreeNode[];
		try {
			nodes = await folder.list();
		} catch (error) {
			found.set(above, refused(error));
			return;
		}
		for (const node of nodes) {
			const path = `${above}/${node.name}`;
			await askExtents(node, imageSize);
			expect(node.name).toMatch(/^[^/\0]+$/);
			if (found.size > 1000) throw new Error('a walk without end');
			found.set(path, await contents(node).catch(refused));
			if (node.kind === 'folder') await visit(node, path);
		}
	};
	await visit(tree.root, '');
	return found;
}

/** As {@link walk}, with an error of the path '' where the files cannot be opened. */
export async function walkAll(image: EditableImage): Promise<Map<string, string>> {
	try {
		return await walk(await image.open());
	} catch (error) {
		if (!(error instanceof AfterimageError)) throw error;
		return new Map([['', `error ${error.code} ${error.message}`]]);
	}
}
