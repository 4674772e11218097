import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lockName } from '../../../src/engine/folder-lock.ts';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../support/cli.ts';
import { mounted } from '../../support/mounted.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { makeSmallDisk, smallDiskTools, type ImageLine } from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([...smallDiskTools, 'chattr', 'strace']);
requireRoot();
const temp = useTempFolder();
let disk = '';

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	await makeSmallDisk(disk);
});

describe('a destination that files can only be added to', () => {
	it('is told with the place and the remedy, by the next run too, and takes backups once that is lifted', async () => {
		const volume = await sparseFile(temp.file('volume'), 64 * 2 ** 20);
		await run('mkfs.ext4', ['-q', volume]);
		await mounted(volume, ['-o', 'loop'], async (folder) => {
			await run('rmdir', [`${folder}/lost+found`]);
			await run('chattr', ['+a', folder]);
			for (const place of ['mrimgx', lockName]) {
				const lines = await afterimageJson(['image', disk, '--to', folder], 1);
				expect(lines.at(-1)).toMatchObject({
					code: 'permission-denied',
					message: expect.stringMatching(new RegExp(`^${folder}/.*${place}.*: operation not permitted$`)) as string,
					advice: expect.stringContaining('lsattr') as string,
				});
			}
			await run('chattr', ['-a', folder]);
			const { files } = await afterimageResult<ImageLine>(['image', disk, '--to', folder]);
			expect(await readdir(folder)).toEqual([basename(files[0]!)]);
		});
	});
});

describe('a destination that refuses a lock as it is closed', () => {
	it('is told in words, and holds nothing', async () => {
		const folder = await temp.folder('refused');
		const lock = `${folder}/${lockName}`;
		const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', lock, '-e', 'inject=close:error=EIO:when=1'];
		const lines = await afterimageJson(['image', disk, '--to', folder], 1, under);
		expect(lines.at(-1)).toMatchObject({
			code: 'write-error',
			message: `${lock} cannot be written at byte 0: i/o error`,
			advice: expect.any(String) as string,
		});
		expect(await readdir(folder)).toEqual([]);
	});
});
