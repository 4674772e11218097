import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openTemporaryBytes } from '../../../../src/engine/backup/sources/temporary-bytes.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

afterEach(() => vi.unstubAllEnvs());

it('lie in a file of the user alone, which goes when it is closed', async () => {
	const folder = tempFolder();
	vi.stubEnv('TMPDIR', folder);
	const file = await openTemporaryBytes(Uint8Array.of(1, 2, 3));
	const [made] = readdirSync(folder);
	expect(statSync(join(folder, made!)).mode & 0o777).toBe(0o700);
	const bytes = new Uint8Array(2);
	await file.read(1, bytes);
	expect(bytes).toEqual(Uint8Array.of(2, 3));
	await file.close();
	expect(readdirSync(folder)).toEqual([]);
});

it('that cannot be made name the folder for temporary files, and how to choose another', async () => {
	const folder = join(tempFolder(), 'none');
	vi.stubEnv('TMPDIR', folder);
	await expect(openTemporaryBytes(new Uint8Array(1))).rejects.toMatchObject({
		code: 'failed',
		message: `A temporary file in ${folder} cannot be made: no such file or directory`,
		advice: expect.stringContaining('TMPDIR') as string,
	});
});
