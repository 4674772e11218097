import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashTree } from '../../../support/file-trees.ts';
import { whileMounted } from '../../../support/mounting.ts';
import { requireFuse } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { change, filesOf, image, scene, temp } from '../files/scene.ts';

requireFuse();

describe('a mounted backup in the middle of an encrypted set', () => {
	it('holds the files of ext4, NTFS and FAT as they were then, though the set is removed meanwhile', async () => {
		const { folder, disk } = await scene('set');
		const password = temp.file('password');
		await writeFile(password, 'a secret\n', { mode: 0o600 });
		const locked = ['--aes', '256', '--password-file', password];
		await image(disk, folder, 'full', ...locked);
		await change(disk, 1);
		const [middle] = await image(disk, folder, 'inc', '--password-file', password);
		const expected = [await filesOf(disk, 1), await filesOf(disk, 2), await filesOf(disk, 3)];
		await change(disk, 2);
		await image(disk, folder, 'inc', '--password-file', password);
		const point = await temp.folder('point');
		const log = await whileMounted([middle!, point, '--password-file', password], async ({ partitions }) => {
			expect(partitions.map(({ path }) => path)).toEqual(['1', '2 Windows', '3']);
			await rm(folder, { recursive: true });
			for (const [i, { path }] of partitions.entries()) {
				expect([...(await hashTree(join(point, path)))].sort()).toEqual([...expected[i]!].sort());
			}
			const modes = await run('find', [join(point, '2 Windows'), '-printf', '%y %m %U:%G\n']);
			const owner = `${process.getuid!()}:${process.getgid!()}`;
			expect([...new Set(modes.stdout.trimEnd().split('\n'))].sort()).toEqual([`d 555 ${owner}`, `f 444 ${owner}`]);
		});
		expect(log).toEqual([]);
	});
});
