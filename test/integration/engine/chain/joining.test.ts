import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson } from '../../../support/cli.ts';
import { run } from '../../../support/run.ts';
import { change, expectSameFiles, image, scene, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('the set that a backup joins', () => {
	it('is the newest one with exactly the same partitions, whatever its files are called', async () => {
		const { folder, disk } = await scene('joins');
		const whole = await image(disk, folder, 'full', '--name', 'mine');
		const one = await image(disk, folder, 'full', '--partition', '2');
		await rename(whole.files[0]!, join(folder, 'renamed.mrimgx'));
		await change(disk, 1);
		const inc = await image(disk, folder, 'inc');
		expect(inc.imageId).toBe(whole.imageId);
		await expectSameFiles(inc.files[0]!, disk);
		expect((await image(disk, folder, 'inc', '--partition', '2')).imageId).toBe(one.imageId);
		const other = await image(disk, folder, 'auto', '--partition', '1');
		expect(other).toMatchObject({ backupType: 'full' });
	});

	it('keeps its password and its way of compression', async () => {
		const { folder, disk } = await scene('keeps');
		const [right, wrong] = [temp.file('right'), temp.file('wrong')];
		await writeFile(right, 'right', { mode: 0o600 });
		await writeFile(wrong, 'wrong', { mode: 0o600 });
		await image(disk, folder, 'full', '--password-file', right, '--compression', 'none');
		await change(disk, 1);
		const before = await readdir(folder);
		for (const options of [[], ['--password-file', wrong]]) {
			await afterimageJson(['image', disk, '--to', folder, '--type', 'inc', ...options], 5);
			expect(await readdir(folder)).toEqual(before);
		}
		const inc = await image(disk, folder, 'inc', '--password-file', right, '--compression', 'high');
		expect(inc.backupType).toBe('inc');
		await expectSameFiles(inc.files[0]!, disk, '--password-file', right);
	});

	it('is a new one when a partition was formatted anew at the same place', async () => {
		const { folder, disk } = await scene('anew');
		await image(disk, folder, 'full');
		const fat = await sparseFile(temp.file('anew.fat'), 40 * mebibyte);
		await run('mkfs.fat', ['-F', '32', '-s', '2', fat]);
		await run('dd', [`if=${fat}`, `of=${disk}`, 'bs=1M', 'seek=1', 'conv=notrunc', 'status=none']);
		expect((await image(disk, folder, 'inc')).backupType).toBe('full');
	});
});
