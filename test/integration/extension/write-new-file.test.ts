import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNewFile } from '../../../src/extension/definitions/write-new-file.ts';
import { requireRoot } from '../../support/require.ts';
import { run } from '../../support/run.ts';

requireRoot();

test('a definition that finds no room leaves no beginning of it, which would keep its name', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'afterimage-full-'));
	await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
	try {
		const path = join(folder, 'Disk.xml');
		await writeFile(join(folder, 'filler'), Buffer.alloc(60 * 1024));
		await expect(writeNewFile(path, 'x'.repeat(5000))).rejects.toMatchObject({ code: 'ENOSPC' });
		expect(await readdir(folder)).toEqual(['filler']);
		await writeNewFile(path, 'short');
		await expect(writeNewFile(path, 'other')).rejects.toMatchObject({ code: 'EEXIST' });
		expect(await readFile(path, 'utf8')).toBe('short');
	} finally {
		await run('umount', [folder]);
		await rm(folder, { recursive: true });
	}
});
