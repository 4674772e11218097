import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson } from '../../../support/cli.ts';
import { requireRoot } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { image, scene, sets, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('little room', () => {
	requireRoot();

	it('makes a running backup pause and delete the oldest sets', async () => {
		const { folder: mountPoint, disk } = await scene('room');
		const file = await sparseFile(temp.file('room.ext4'), 3 * 1024 * mebibyte);
		await run('mkfs.ext4', ['-q', '-F', '-m', '0', file]);
		await run('mount', ['-o', 'loop', file, mountPoint]);
		try {
			const first = await image(disk, mountPoint, 'full');
			await image(disk, mountPoint, 'full');
			const newest = await image(disk, mountPoint, 'full');
			const { free } = await sets(mountPoint);
			await run('fallocate', ['-l', String(free - 1024 * mebibyte - 4 * mebibyte), join(mountPoint, 'ballast')]);
			const lines = await afterimageJson(['image', disk, '--to', mountPoint, '--min-free', '1']);
			expect(lines).toContainEqual(
				expect.objectContaining({ type: 'log', message: expect.stringContaining('paused') as string }),
			);
			const left = (await sets(mountPoint)).sets.map((set) => set.imageId);
			expect(left).not.toContain(first.imageId);
			expect(left).toContain(newest.imageId);
			expect(left).toContain((lines.find((line) => line.type === 'result') as unknown as ImageResult).imageId);
		} finally {
			await run('umount', [mountPoint]);
		}
	});
});
