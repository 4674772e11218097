import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { ext4From, extract, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'debugfs', 'mkfs.ntfs', 'ntfs-3g', 'mkfs.fat', 'mcopy', 'mdel', 'sfdisk']);
requireRoot();
export const temp = useTempFolder();
const mebibyte = 2 ** 20;

/** The partitions of the disk, in MiB. */
const places = [
	{ start: 1, size: 32 },
	{ start: 34, size: 24 },
	{ start: 60, size: 40 },
];

/** A disk of ext4, NTFS and FAT32. Importing this module makes it before the tests of a file. */
let original = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	await fillFolder(files, 2, { files: 40, bytes: 4 * mebibyte });
	const linked = await temp.folder('linked');
	await fillFolder(linked, 3, { files: 40, bytes: 4 * mebibyte, unicode: true, links: true });
	original = temp.file('original.img');
	const ntfs = async (file: string) => {
		await run('mkfs.ntfs', ['-F', '-q', '-L', 'Windows', file]);
		await mountedNtfs(file, (folder) => fillFolder(folder, 4, { files: 40, bytes: 4 * mebibyte, unicode: true }));
	};
	await makeRawDisk(original, 'gpt', 102, [
		{ ...places[0]!, type: 'L', make: ext4From(linked) },
		{ ...places[1]!, type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', make: ntfs },
		{ ...places[2]!, type: 'U', make: fatFrom(files, 32) },
	]);
});

/** A folder for images and a disk to change. */
export async function scene(name: string): Promise<{ folder: string; disk: string }> {
	const folder = await temp.folder(name);
	const disk = temp.file(`${name}.img`);
	await run('cp', ['--sparse=always', original, disk]);
	return { folder, disk };
}

export async function image(disk: string, folder: string, type: string, ...options: string[]): Promise<string[]> {
	const args = ['image', disk, '--to', folder, '--type', type, ...options];
	return [...(await afterimageResult<ImageResult>(args)).files];
}

/** Writes a file into each file system and removes an older one. */
export async function change(disk: string, seed: number): Promise<void> {
	const file = temp.file(`change-${seed}`);
	await writeFile(file, randomNumbers(seed).fill(new Uint8Array(300_000 + seed * 1000)));
	const ext = `${disk}?offset=${mebibyte}`;
	await run('debugfs', ['-w', '-R', `write ${file} change-${seed}`, ext]);
	await run('debugfs', ['-w', '-R', `rm change-${seed - 1}`, ext]);
	const fat = `${disk}@@${places[2]!.start * mebibyte}`;
	await run('mcopy', ['-i', fat, file, `::change-${seed}`]);
	await run('mdel', ['-i', fat, `::change-${seed - 1}`], { codes: [0, 1] });
	const ntfs = await volume(disk, 2);
	await mountedNtfs(ntfs, async (folder) => {
		await run('cp', [file, join(folder, `change-${seed}`)]);
		await rm(join(folder, `change-${seed - 1}`), { force: true });
	});
	const seek = places[1]!.start;
	await run('dd', [`if=${ntfs}`, `of=${disk}`, 'bs=1M', `seek=${seek}`, 'conv=notrunc', 'status=none']);
	await rm(file);
}

/** What the files of a partition of the disk are, as the kernel, ntfs-3g and mtools have them. */
export async function filesOf(disk: string, partition: number): Promise<Map<string, string>> {
	const file = await volume(disk, partition);
	if (partition === 1) return mounted(file, ['-o', 'loop,ro,noload'], hashTree);
	if (partition === 2) return mounted(file, { command: 'ntfs-3g', args: ['-o', 'no_detach,ro'] }, hashTree);
	const folder = await temp.folder('fat-files');
	await run('mcopy', ['-s', '-n', '-i', file, '::*', folder]);
	return hashTree(folder);
}

/** What an extraction of everything gives. */
export async function extracted(file: string, partition: number, ...options: string[]): Promise<Map<string, string>> {
	const to = temp.file('extracted');
	await rm(to, { recursive: true, force: true });
	await afterimageResult(['extract', file, '/', '--to', to, '--partition', String(partition), ...options]);
	return hashTree(to);
}

function volume(disk: string, partition: number): Promise<string> {
	const { start, size } = places[partition - 1]!;
	return extract(disk, start * mebibyte, size * mebibyte, temp.file(`volume-${partition}`));
}

function mountedNtfs<T>(file: string, fn: (folder: string) => Promise<T>): Promise<T> {
	return mounted(file, { command: 'ntfs-3g', args: ['-o', 'no_detach'] }, fn);
}
