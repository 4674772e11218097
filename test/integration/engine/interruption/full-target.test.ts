import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { requireRoot } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { disk, temp } from './scene.ts';

describe('a raw file in a folder that is full', () => {
	requireRoot();

	it('is said, with what is needed and what is left of it', async () => {
		const images = await temp.folder('images-of-full-target');
		const { files, bytesRead } = await afterimageResult<ImageResult>(['image', disk, '--to', images]);
		const folder = await temp.folder('small-target');
		await run('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', folder]);
		try {
			const restore = async (name: string) => {
				const lines = await afterimageJson(['restore', files[0]!, '--to', `${folder}/${name}`], 7);
				expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'no-space', details: { needed: bytesRead } });
				const warning = String(lines.find((line) => line['level'] === 'warning')?.['message']);
				return { advice: String(lines.at(-1)?.['advice']), warning };
			};
			const { advice, warning } = await restore('new.img');
			expect(advice).toContain('is removed. Free some space');
			expect(warning).toContain(`The restore writes ${bytesRead} bytes`);
			expect(warning).toContain(`where ${20 * 2 ** 20} (20.00 MB) are free`);
			expect(await readdir(folder)).toEqual([]);
			await sparseFile(`${folder}/old.img`, 256 * 2 ** 20);
			expect((await restore('old.img')).advice).toContain('half a restore');
			expect(await readdir(folder)).toEqual(['old.img']);
		} finally {
			await run('umount', [folder]);
		}
	});
});
