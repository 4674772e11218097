import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterimageResult, type JsonLine } from './cli.ts';
import { randomNumbers } from './random-numbers.ts';
import { ext4From, makeRawDisk } from './raw-disk.ts';
import { run } from './run.ts';

const mebibyte = 2 ** 20;

/** What the tests of this disk need on the machine. */
export const smallDiskTools = ['mkfs.ext4', 'debugfs', 'sfdisk'];

/** A line of `afterimage image --json`. */
export interface ImageLine extends JsonLine {
	readonly files: readonly string[];
	readonly imageId: string;
	readonly backupType: string;
}

/**
 * A raw disk of few and incompressible bytes: GPT with one ext4.
 * @param path of the file; its folder takes what is needed to make it
 * @param filled MiB that its files take
 * @param size MiB of the disk
 */
export async function makeSmallDisk(path: string, filled = 2, size = 16): Promise<void> {
	const files = join(dirname(path), `${basename(path)}.files`);
	await run('mkdir', [files]);
	for (let i = 0; i < filled; i++) {
		await writeFile(join(files, `file-${i}`), randomNumbers(i + 1).fill(new Uint8Array(mebibyte)));
	}
	await makeRawDisk(path, 'gpt', size, [{ start: 1, size: size - 2, type: 'L', make: ext4From(files) }]);
	await rm(files, { recursive: true });
}

/** Writes a file of random bytes into the file system. */
export async function changeSmallDisk(disk: string, seed: number, bytes = 200_000): Promise<void> {
	const file = `${disk}.change`;
	await writeFile(file, randomNumbers(1000 + seed).fill(new Uint8Array(bytes)));
	await run('debugfs', ['-w', '-R', `write ${file} change-${seed}`, `${disk}?offset=${mebibyte}`]);
	await rm(file);
}

/** SHA-256 of the disk that a backup restores to. @param target a path where nothing is, for the time of the call */
export async function restoredHash(file: string, target: string): Promise<string> {
	await afterimageResult(['restore', file, '--to', target]);
	const hash = (await run('sha256sum', [target])).stdout.split(' ')[0]!;
	await rm(target);
	return hash;
}
