import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { BackupFolderInfo } from '../../../../src/protocol/backups.ts';
import { sha256 } from '../../../support/byte-files.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { ext4From, extract, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'e2fsck', 'debugfs', 'mkfs.fat', 'fsck.fat', 'mcopy', 'mdel', 'sfdisk']);
export const temp = useTempFolder();
const mebibyte = 2 ** 20;
export const [fatStart, extStart] = [mebibyte, 42 * mebibyte];

/** A disk of FAT32 and ext4. Importing this module makes it before the tests of a file. */
let original = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	await fillFolder(files, 2, { files: 40, bytes: 4 * mebibyte });
	original = temp.file('original.img');
	await makeRawDisk(original, 'gpt', 96, [
		{ start: 1, size: 40, type: 'U', make: fatFrom(files, 32) },
		{ start: 42, size: 48, type: 'L', make: ext4From(files) },
	]);
});

/** A folder for images and a disk to change. */
export async function scene(name: string): Promise<{ folder: string; disk: string }> {
	const folder = await temp.folder(name);
	const disk = temp.file(`${name}.img`);
	await run('cp', ['--sparse=always', original, disk]);
	return { folder, disk };
}

/**
 * Writes a file of random bytes into both file systems and removes an older one, with their vendors' own tools.
 * @param keep where the file is kept
 */
export async function change(disk: string, seed: number, keep?: string): Promise<void> {
	const file = keep ?? temp.file(`change-${seed}`);
	await writeFile(file, randomNumbers(seed).fill(new Uint8Array(300_000 + seed * 1000)));
	const ext = `${disk}?offset=${extStart}`;
	await run('debugfs', ['-w', '-R', `write ${file} change-${seed}`, ext]);
	if (seed > 1) await run('debugfs', ['-w', '-R', `rm change-${seed - 1}`, ext]);
	await run('mcopy', ['-i', `${disk}@@${fatStart}`, file, `::change-${seed}`]);
	if (seed > 1) await run('mdel', ['-i', `${disk}@@${fatStart}`, `::change-${seed - 1}`]);
	if (keep === undefined) await rm(file);
}

export async function image(disk: string, folder: string, type: string, ...options: string[]): Promise<ImageResult> {
	return afterimageResult<ImageResult>(['image', disk, '--to', folder, '--type', type, ...options]);
}

/** SHA-256 of what a backup restores to, as a new file. */
export async function restored(file: string, ...options: string[]): Promise<string> {
	const target = temp.file(`restored-${basename(file)}`);
	await afterimageResult(['restore', file, '--to', target, ...options]);
	const hash = await sha256(target);
	await rm(target);
	return hash;
}

/** Restores a backup and compares both file systems with the disk that was imaged: their own checks, every file. */
export async function expectSameFiles(file: string, disk: string, ...options: string[]): Promise<void> {
	const target = temp.file('compare.img');
	await afterimageResult(['restore', file, '--to', target, ...options]);
	const contents = async (path: string) => {
		const fat = await extract(path, fatStart, 40 * mebibyte, temp.file('compare.fat'));
		await run('fsck.fat', ['-n', fat]);
		const ext = await extract(path, extStart, 48 * mebibyte, temp.file('compare.ext'));
		await run('e2fsck', ['-fn', ext]);
		const folder = temp.file('compare');
		await mkdir(join(folder, 'ext'), { recursive: true });
		await run('debugfs', ['-R', `rdump / ${join(folder, 'ext')}`, ext]);
		await run('mcopy', ['-s', '-n', '-i', fat, '::', join(folder, 'fat')]);
		const sums = await run('sh', ['-c', 'cd "$1" && find . -type f -exec sha256sum {} + | sort', 'sh', folder]);
		await rm(folder, { recursive: true });
		return sums.stdout;
	};
	expect(await contents(target)).toBe(await contents(disk));
	await rm(target);
}

export async function sets(folder: string): Promise<BackupFolderInfo> {
	return afterimageResult<BackupFolderInfo>(['sets', folder]);
}
