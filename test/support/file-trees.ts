import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { randomNumbers } from './random-numbers.ts';

export interface FillOptions {
	/** Number of files before the deletions. */
	readonly files: number;
	/** About how many bytes they hold together. */
	readonly bytes: number;
	/** Names outside ASCII too; false when absent. */
	readonly unicode?: boolean;
	/** Symbolic links too; false when absent. */
	readonly links?: boolean;
}

async function writeWhole(path: string, data: Uint8Array, at = 0): Promise<void> {
	const handle = await open(path, 'w');
	await handle.write(data, 0, data.length, at);
	await handle.close();
}

/**
 * Fills a folder with files that depend on the seed alone: empty, small and large ones, nested folders, names of up to
 * 200 characters (unique without regard to case, legal on FAT and NTFS), one with a hole. Then deletes about a third and
 * writes new ones into the gaps, so that the free space is in pieces.
 */
export async function fillFolder(folder: string, seed: number, options: FillOptions): Promise<void> {
	const random = randomNumbers(seed);
	const folders = [folder];
	for (let i = 0; i < 3 + options.files / 40; i++) {
		const path = join(folders[random.below(folders.length)]!, options.unicode ? `Ordner-ü-${i}` : `folder ${i}`);
		await mkdir(path);
		folders.push(path);
	}
	const large = Math.max(1, Math.floor(options.files / 20));
	const size = (i: number) => {
		if (i % 20 === 0) return Math.floor((options.bytes / large) * (0.5 + random.below(1000) / 2000));
		if (i % 7 === 0) return 0;
		return random.below(i % 3 === 0 ? 60_000 : 4_000);
	};
	const name = (i: number) => {
		if (i % 17 === 3) return `${i}-${'long name '.repeat(19)}.data`;
		return options.unicode && i % 11 === 5 ? `${i}-日本語-éß.txt` : `file${i}.bin`;
	};
	const paths: string[] = [];
	const add = async (i: number, length: number) => {
		const path = join(folders[random.below(folders.length)]!, name(i));
		await writeWhole(path, random.fill(new Uint8Array(length)));
		paths.push(path);
	};
	for (let i = 0; i < options.files; i++) await add(i, size(i));
	const kept = paths.filter(() => random.below(3) !== 0);
	const doomed = new Set(paths);
	for (const path of kept) doomed.delete(path);
	for (const path of doomed) await rm(path);
	for (let i = 0; i < options.files / 10; i++) await add(options.files + i, random.below(200_000));
	await writeWhole(join(folder, 'sparse.bin'), random.fill(new Uint8Array(5000)), Math.floor(options.bytes / 10));
	if (options.links) {
		await symlink('sparse.bin', join(folder, 'short link'));
		await symlink(`${'./'.repeat(100)}sparse.bin`, join(folder, 'long link'));
	}
}

/**
 * Every path below the folder with the SHA-256 of its content; `folder` for folders, `-> target` for links. The
 * top folder's `lost+found` is left out.
 */
export async function hashTree(folder: string): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	const visit = async (relative: string): Promise<void> => {
		for (const name of (await readdir(join(folder, relative))).sort()) {
			const path = join(relative, name);
			if (path === 'lost+found') continue;
			const full = join(folder, path);
			const stat = await lstat(full);
			if (stat.isDirectory()) {
				found.set(path, 'folder');
				await visit(path);
			} else if (stat.isSymbolicLink()) {
				found.set(path, `-> ${await readlink(full)}`);
			} else if (stat.isFile()) {
				const hash = createHash('sha256');
				const handle = await open(full, 'r');
				for await (const data of handle.createReadStream()) hash.update(data as Buffer);
				found.set(path, hash.digest('hex'));
			}
		}
	};
	await visit('');
	return found;
}
