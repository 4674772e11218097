import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterimage } from '../../../support/cli.ts';
import { requireRoot } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { disk, temp } from './scene.ts';

describe('a folder of logs that is full', () => {
	requireRoot();

	it.each([
		['at once', 0],
		['after the first of its two files', 1],
	])('%s keeps no run from ending, which says it once', async (_, pages) => {
		const data = await temp.folder(`logs-${pages}`);
		await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', data]);
		try {
			await writeFile(join(data, 'filler'), Buffer.alloc(4096 * (16 - pages)));
			const folder = await temp.folder(`images-${pages}`);
			const { code, out, err } = await afterimage(['image', disk, '--to', folder], undefined, [
				'env',
				`AFTERIMAGE_DATA=${data}`,
			]);
			expect(code).toBe(0);
			expect(out).toMatch(/\.mrimgx$/m);
			const said = err.split('\n').filter((line) => line.includes('The log of this run'));
			expect(said).toHaveLength(1);
			expect(said[0]).toMatch(/has not been written to its end: .*\.log: no space left on device/);
		} finally {
			await run('umount', [data]);
		}
	});
});
