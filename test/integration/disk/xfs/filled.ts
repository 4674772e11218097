import {
	chmod,
	copyFile,
	constants,
	lstat,
	mkdir,
	open,
	readdir,
	rename,
	symlink,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { FileTree } from '../../../../src/disk/files.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { run } from '../../../support/run.ts';
import { walkTree } from '../../../support/walk-tree.ts';

const mebibyte = 1024 * 1024;

/** What {@link fillMounted} makes beside the files of `fillFolder`. */
interface Extras {
	/** Files of `fillFolder`, with 60 KiB each on average. */
	readonly files: number;
	readonly blockSize: number;
	/** Entries of the largest folder before a third of them is deleted. */
	readonly entries: number;
	/** The volume can share blocks between files. */
	readonly reflink: boolean;
}

/** Fills a mounted volume with one of everything that XFS stores in a way of its own. */
export async function fillMounted(
	folder: string,
	seed: number,
	{ files, blockSize, entries, reflink }: Extras,
): Promise<void> {
	await fillFolder(folder, seed, { files, bytes: files * 60 * 1024, unicode: true, links: true });
	await manyEntries(join(folder, 'many'), entries);
	await manyEntries(join(folder, 'some'), 60);
	await mkdir(join(folder, 'empty folder'));
	for (const [i, length] of [3, 60, 300, 600, 1000, 1023].entries()) {
		await symlink(`${i}${'/target'.repeat(200)}`.slice(0, length), join(folder, `link-of-${length}`));
	}
	await pieces(join(folder, 'in-pieces'), 4000, blockSize, seed);
	await pieces(join(folder, 'in some pieces'), 8, blockSize, seed);
	await reserved(join(folder, 'reserved'), blockSize);
	const sparse = await open(join(folder, 'a large hole'), 'w');
	await sparse.truncate(64 * mebibyte);
	await sparse.write(Buffer.from('end'), 0, 3, 64 * mebibyte - 3);
	await sparse.close();
	if (reflink) {
		await copyFile(join(folder, 'in-pieces'), join(folder, 'shared'), constants.COPYFILE_FICLONE_FORCE);
		const shared = await open(join(folder, 'shared'), 'r+');
		await shared.write(Buffer.alloc(3 * blockSize, 'new'), 0, 3 * blockSize, 1000 * blockSize);
		await shared.close();
	}
	// An attribute leaves the data fork less room than it takes without.
	for (const name of ['in-pieces', 'some', 'many', 'short-attribute']) {
		if (name === 'short-attribute') await mkdir(join(folder, name));
		await run('setfattr', ['-n', 'user.note', '-v', 'kept beside the data', join(folder, name)]);
	}
	await writeFile(join(folder, 'short-attribute', 'inner'), 'inner');
	await run('mknod', [join(folder, 'character'), 'c', '1', '3']);
	await run('mknod', [join(folder, 'block'), 'b', '7', '200']);
	await run('mkfifo', [join(folder, 'pipe')]);
	await chmod(join(folder, 'pipe'), 0o5620);
	await leaveSocket(folder);
	for (const [name, seconds] of [
		['before 1970', -86_400.75],
		['in 2100', 4_102_444_800.25],
		['at the end', 1e12],
	] as const) {
		await writeFile(join(folder, name), name);
		await utimes(join(folder, name), seconds, seconds);
	}
}

/** Makes a folder of many entries and deletes about a third of them, so that its blocks have free pieces. */
async function manyEntries(folder: string, count: number): Promise<void> {
	await mkdir(folder);
	const make = `seq -f '%g of the entries' 1 ${count} | tr '\\n' '\\0' | xargs -0 touch`;
	const remove = `seq -f '%g of the entries' 1 3 ${count} | tr '\\n' '\\0' | xargs -0 rm`;
	await run('sh', ['-c', `${make}; ${remove}`], { cwd: folder });
}

/** A file of which every second block is a hole. */
async function pieces(path: string, count: number, blockSize: number, seed: number): Promise<void> {
	const random = randomNumbers(seed);
	const file = await open(path, 'w');
	for (let i = 0; i < count; i++) {
		await file.write(random.fill(new Uint8Array(blockSize)), 0, blockSize, 2 * i * blockSize);
	}
	await file.close();
}

/** A file whose blocks were reserved, also behind its end, over what was deleted before, and of which some were written. */
async function reserved(path: string, blockSize: number): Promise<void> {
	await writeFile(path, Buffer.alloc(40 * blockSize, 'old'));
	await run('sync', ['-f', path]);
	await writeFile(path, '');
	await run('fallocate', ['-l', String(40 * blockSize), path]);
	await run('fallocate', ['-n', '-l', String(60 * blockSize), path]);
	const file = await open(path, 'r+');
	await file.write(Buffer.alloc(5 * blockSize, 'new'), 0, 5 * blockSize, 10 * blockSize + 7);
	await file.close();
}

/** A server takes its socket away when it ends, unless it is called otherwise by then. */
async function leaveSocket(folder: string): Promise<void> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(join(folder, 'listening'), resolve));
	await rename(join(folder, 'listening'), join(folder, 'socket'));
	await new Promise((resolve) => server.close(resolve));
}

/** Kind, mode, time of change and (for files) size of everything in the folder, by the kernel. */
export async function factsOfFolder(folder: string): Promise<Map<string, string>> {
	const facts = new Map<string, string>();
	for (const path of (await readdir(folder, { recursive: true })).sort()) {
		const stat = await lstat(join(folder, path), { bigint: true });
		const kinds: [boolean, string][] = [
			[stat.isFile(), `file of ${stat.size}`],
			[stat.isDirectory(), 'folder'],
			[stat.isSymbolicLink(), 'link'],
			[stat.isFIFO(), 'pipe'],
			[stat.isSocket(), 'socket'],
			[stat.isCharacterDevice(), 'character device'],
			[stat.isBlockDevice(), 'block device'],
		];
		const kind = kinds.find(([holds]) => holds)?.[1];
		facts.set(path, `${kind}, mode ${(stat.mode & 0o7777n).toString(8)}, changed ${stat.mtimeMs}`);
	}
	return facts;
}

/** The same of a tree. */
export async function factsOfTree(tree: FileTree): Promise<Map<string, string>> {
	const facts = new Map<string, string>();
	await walkTree(tree, (path, node) => {
		const kind = node.kind === 'file' ? `file of ${node.size}` : node.kind === 'special' ? node.what : node.kind;
		facts.set(path, `${kind}, mode ${node.mode?.toString(8)}, changed ${node.modified}`);
	});
	return new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
