import { link, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ntfs', 'ntfs-3g', 'setfattr']);
requireRoot();
const temp = useTempFolder();
let image = '';
let hashes = new Map<string, string>();

beforeAll(async () => {
	if (!ready) return;
	const disk = await sparseFile(temp.file('ntfs.img'), 16 * 2 ** 20);
	await run('mkfs.ntfs', ['-F', '-q', disk]);
	await mounted(disk, { command: 'ntfs-3g', args: ['-o', 'no_detach'] }, async (folder) => {
		const at = (...names: string[]) => join(folder, ...names);
		await mkdir(at('names'));
		await writeFile(at('three.bin'), Buffer.alloc(300_000, 7));
		await link(at('three.bin'), at('names', 'second.bin'));
		await link(at('three.bin'), at('names', 'third.bin'));
		// A second name that Windows gives for old programs is none of its own.
		await writeFile(at('a long name.text'), 'long');
		await run('setfattr', ['-n', 'system.ntfs_dos_name', '-v', 'ALONGN~1.TEX', at('a long name.text')]);
		await writeFile(at('both names.text'), 'both');
		await run('setfattr', ['-n', 'system.ntfs_dos_name', '-v', 'BOTHNA~1.TEX', at('both names.text')]);
		await link(at('both names.text'), at('names', 'other.text'));
		hashes = await hashTree(folder);
	});
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
});

it('names of one NTFS file are names of one file after extraction', async () => {
	const target = await temp.folder('extracted');
	const result = await afterimageResult(['extract', image, '/', '--to', target]);
	expect(result).toMatchObject({ hardLinks: 3 });
	expect(await hashTree(target)).toEqual(hashes);
	const number = async (...names: string[]) => {
		const { ino, nlink } = await lstat(join(target, ...names));
		return [ino, nlink];
	};
	const three = await number('three.bin');
	expect(three[1]).toBe(3);
	expect(await number('names', 'second.bin')).toEqual(three);
	expect(await number('names', 'third.bin')).toEqual(three);
	expect((await number('a long name.text'))[1]).toBe(1);
	const both = await number('both names.text');
	expect(both[1]).toBe(2);
	expect(await number('names', 'other.text')).toEqual(both);
});

it('one of the names alone is a file of its own', async () => {
	const target = await temp.folder('alone');
	await afterimageResult(['extract', image, 'names/second.bin', '--to', target]);
	expect((await lstat(join(target, 'second.bin'))).nlink).toBe(1);
	expect(await readFile(join(target, 'second.bin'))).toEqual(Buffer.alloc(300_000, 7));
});
