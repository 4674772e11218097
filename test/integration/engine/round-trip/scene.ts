import { beforeAll, expect } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';

import { afterimageResult } from '../../../support/cli.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { ext4From, extract, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'e2fsck', 'mkfs.fat', 'fsck.fat', 'mcopy', 'sfdisk', 'sgdisk']);
export const temp = useTempFolder();
const mebibyte = 2 ** 20;

/**
 * A folder of files, a disk with them in FAT32 and ext4, and its image. Importing this module makes them before the tests
 * of a file.
 */
export let files = '';
export let disk = '';
export let image = '';

beforeAll(async () => {
	if (!ready) return;
	files = await temp.folder('files');
	await fillFolder(files, 1, { files: 60, bytes: 6 * mebibyte });
	disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 128, [
		{ start: 1, size: 40, type: 'U', make: fatFrom(files, 32) },
		{ start: 42, size: 80, type: 'L', make: ext4From(files) },
	]);
	await temp.folder('images');
	const result = await afterimageResult<ImageResult>([
		'image',
		disk,
		'--to',
		temp.file('images'),
		'--comment',
		'round trip',
	]);
	image = result.files[0]!;
});

/** A copy of a raw disk without what lies in its unused blocks is judged by the file systems' own checks. */
export async function checkFileSystems(path: string): Promise<void> {
	const fat = await extract(path, mebibyte, 40 * mebibyte, temp.file('check.fat'));
	await run('fsck.fat', ['-n', fat]);
	const ext = await extract(path, 42 * mebibyte, 80 * mebibyte, temp.file('check.ext'));
	await run('e2fsck', ['-fn', ext]);
	const listed = async (file: string) => (await run('debugfs', ['-R', 'ls -l -p /', file])).stdout;
	const original = await extract(disk, 42 * mebibyte, 80 * mebibyte, temp.file('check.original'));
	expect(await listed(ext)).toBe(await listed(original));
}
