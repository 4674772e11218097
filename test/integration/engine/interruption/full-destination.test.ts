import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { afterimageJson } from '../../../support/cli.ts';
import { requireRoot } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { disk, temp } from './scene.ts';

describe('a destination that is full', () => {
	requireRoot();

	it('is said, and nothing of the run stays', async () => {
		const folder = await temp.folder('small');
		await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]);
		try {
			const lines = await afterimageJson(['image', disk, '--to', folder], 7);
			expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'no-space' });
			expect(lines.at(-1)?.['advice']).toBeTruthy();
			expect(await readdir(folder)).toEqual([]);
		} finally {
			await run('umount', [folder]);
		}
	});
});
