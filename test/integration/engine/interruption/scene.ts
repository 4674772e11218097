import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll } from 'vitest';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { ext4From, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireTools } from '../../../support/require.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'sfdisk']);
export const temp = useTempFolder();
const mebibyte = 2 ** 20;
/** A disk of incompressible files. Importing this module makes it before the tests of a file. */
export let disk = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	// Incompressible, so that a run takes long enough to be interrupted anywhere.
	for (let i = 0; i < 48; i++) {
		await writeFile(join(files, `file-${i}`), randomNumbers(i + 1).fill(new Uint8Array(4 * mebibyte)));
	}
	disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 256, [{ start: 1, size: 250, type: 'L', make: ext4From(files) }]);
});

/** Names of the image files of a folder. */
export async function images(folder: string): Promise<string[]> {
	return (await readdir(folder)).filter((name) => name.endsWith('.mrimgx'));
}

/** Waits until the run has something in the folder that tells that it has begun to write. */
export async function untilWriting(folder: string): Promise<void> {
	while (!(await readdir(folder)).some((name) => name.endsWith('.part'))) await delay(5);
}
