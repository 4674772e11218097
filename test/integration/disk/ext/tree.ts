import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from '../../../../src/disk/files.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { decompressors, walkTree } from '../../../support/walk-tree.ts';

/** Opens the files of an image for as long as `fn` runs. */
export async function withTree<T>(image: string, fn: (tree: FileTree) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = await extDriver.open(source, {});
		return await fn(await fileSystem!.openFiles!({ decompressors }));
	} finally {
		await source.close();
	}
}

/** What a folder's listing says of an entry besides its contents. */
export type Facts = readonly [kind: string, mode: string, modified: number, size: number];

/** The facts of every node below the root; times are cut down to multiples of `unit` milliseconds. */
export async function factsOfTree(tree: FileTree, unit = 1): Promise<Map<string, Facts>> {
	const facts = new Map<string, Facts>();
	await walkTree(tree, (path, node) => {
		const kind = node.kind === 'special' ? node.what : node.kind;
		const time = Math.floor(node.modified! / unit) * unit;
		facts.set(path, [kind, node.mode!.toString(8), time, node.kind === 'file' ? node.size : 0]);
	});
	return new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same as the system sees them in a folder. */
export async function factsOfFolder(folder: string, unit = 1): Promise<Map<string, Facts>> {
	const facts = new Map<string, Facts>();
	for (const path of await readdir(folder, { recursive: true })) {
		if (path === 'lost+found' || path.startsWith('lost+found/')) continue;
		const stat = await lstat(join(folder, path), { bigint: true });
		const kind = stat.isDirectory()
			? 'folder'
			: stat.isFile()
				? 'file'
				: stat.isSymbolicLink()
					? 'link'
					: stat.isFIFO()
						? 'pipe'
						: stat.isSocket()
							? 'socket'
							: stat.isBlockDevice()
								? 'block device'
								: 'character device';
		// Towards minus infinity, as nanoseconds before 1970 count.
		const time =
			Math.floor(
				Number((stat.mtimeNs - (((stat.mtimeNs % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n) / unit,
			) * unit;
		facts.set(path, [kind, (stat.mode & 0o7777n).toString(8), time, stat.isFile() ? Number(stat.size) : 0]);
	}
	return new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
