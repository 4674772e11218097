import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { extract } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';

export const mebibyte = 2 ** 20;
export const tools = [
	...['mkfs.ext4', 'e2fsck', 'resize2fs', 'dumpe2fs', 'mkntfs', 'ntfs-3g', 'ntfsresize', 'ntfsfix'],
	...['sfdisk', 'sgdisk', 'losetup'],
];

/** Files of every file system of a disk, by its number. */
export type Trees = Map<number, Map<string, string>>;

/** Fills a mounted file system and leaves the files behind what was deleted again, so that making it smaller moves them. */
async function fill(folder: string, seed: number, ballast: number): Promise<void> {
	const heavy = join(folder, 'ballast');
	await writeFile(heavy, randomNumbers(seed).fill(new Uint8Array(ballast * mebibyte)));
	await run('sync', ['-f', folder]);
	await fillFolder(folder, seed, { files: 120, bytes: 8 * mebibyte, unicode: true });
	await rm(heavy);
}

/** Makes ext in a file, and tells what is in it. */
export const filledExt =
	(trees: Trees, number: number, ballast: number, ...options: string[]) =>
	async (file: string): Promise<void> => {
		await run('mkfs.ext4', ['-q', '-F', ...options, file]);
		await mounted(file, ['-o', 'loop'], async (folder) => {
			await fill(folder, number, ballast);
			trees.set(number, await hashTree(folder));
		});
	};

/** @param start MiB on its disk */
export const filledNtfs =
	(trees: Trees, number: number, ballast: number, start: number, ...options: string[]) =>
	async (file: string): Promise<void> => {
		const place = ['-s', '512', '-p', String(start * 2048), '-H', '255', '-S', '63'];
		await run('mkntfs', ['-q', '-Q', '-F', ...place, ...options, file]);
		await mounted(file, { command: 'ntfs-3g', args: ['-o', 'no_detach'] }, async (folder) => {
			await fill(folder, number, ballast);
			trees.set(number, await hashTree(folder));
		});
	};

export interface FoundPartition {
	readonly number: number;
	/** Bytes. */
	readonly start: number;
	readonly size: number;
}

/** The partitions of a disk, as sfdisk reads them. */
export async function partitionsOf(disk: string): Promise<FoundPartition[]> {
	const { partitiontable: table } = JSON.parse((await run('sfdisk', ['--json', disk])).stdout) as {
		partitiontable: { partitions: { node: string; start: number; size: number }[] };
	};
	return table.partitions.map(({ node, start, size }) => ({
		number: Number(node.slice(disk.length).replace(/^p/, '')),
		start: start * 512,
		size: size * 512,
	}));
}

/** A partition of a disk as a file, to be judged by the tools of its file system. */
export async function partitionFile(disk: string, number: number, to: string): Promise<string> {
	const { start, size } = (await partitionsOf(disk)).find((one) => one.number === number)!;
	return extract(disk, start, size, to);
}

/** @param tree what it has to hold */
export async function judgeExt(file: string, tree: Map<string, string>): Promise<void> {
	await run('e2fsck', ['-fn', file]);
	await mounted(file, ['-o', 'loop,ro'], async (folder) => expect(await hashTree(folder)).toEqual(tree));
}

/** @param start byte of the disk, which its boot sector has to tell */
export async function judgeNtfs(file: string, tree: Map<string, string>, start: number): Promise<void> {
	const said = (await run('ntfsfix', ['-n', file])).stdout;
	expect(said).toContain('Checking the alternate boot sector... OK');
	expect(said).toContain('was processed successfully');
	await run('ntfsresize', ['--info', '--force', '--no-progress-bar', file]);
	// Hidden sectors of the boot sector and of its backup in the last sector.
	for (const end of ['head', 'tail']) {
		const script = `${end} -c 512 "$1" | od -An -tu4 -j28 -N4`;
		expect(Number((await run('sh', ['-c', script, 'sh', file])).stdout.trim())).toBe(start / 512);
	}
	const how = { command: 'ntfs-3g', args: ['-o', 'no_detach,ro'] };
	await mounted(file, how, async (folder) => expect(await hashTree(folder)).toEqual(tree));
}
