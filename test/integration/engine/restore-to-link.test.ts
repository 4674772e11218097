import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { afterimageJson, afterimageResult } from '../../support/cli.ts';
import { withLoopDevice } from '../../support/loop-device.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { tempFolder } from '../../support/temp-folder.ts';

requireTools(['losetup']);
requireRoot();

/** An image of a disk, and another raw file of its size under three names. */
async function setUp() {
	const root = tempFolder();
	const [disk, images, file] = [join(root, 'disk.img'), join(root, 'images'), join(root, 'file.img')];
	mkdirSync(images);
	for (const path of [disk, file]) writeFileSync(path, randomBytes(1 << 20));
	const { files } = await afterimageResult<{ files: string[] }>(['image', disk, '--to', images]);
	const [link, name] = [join(root, 'link.img'), join(root, 'name.img')];
	symlinkSync(file, link);
	linkSync(file, name);
	return { disk, image: files[0]!, file, link, name };
}

it('restores to the file that a link leads to', async () => {
	const { disk, image, file, link } = await setUp();
	await afterimageResult(['restore', image, '--to', link, '--yes']);
	expect(readFileSync(file).equals(readFileSync(disk))).toBe(true);
	expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

it('refuses a file that a loop device stands on, under whatever name', async () => {
	const { image, file, link, name } = await setUp();
	const before = readFileSync(file);
	await withLoopDevice(file, {}, async () => {
		for (const target of [file, link, name]) {
			const lines = await afterimageJson(['restore', image, '--to', target, '--yes'], 1);
			expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'target-in-use' });
		}
	});
	expect(readFileSync(file).equals(before)).toBe(true);
});
