import { readdir, truncate } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireTools(['losetup']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;

describe('a source that cannot be read everywhere', () => {
	requireRoot();

	const lost = 16 * 1024;

	/** A loop device whose file is shorter than the device: the kernel answers EIO behind its end. */
	async function withFaultyDisk(fn: (device: string, good: number) => Promise<void>): Promise<void> {
		const file = await sparseFile(temp.file('faulty.img'), 64 * mebibyte);
		await run('sh', ['-c', 'head -c 67108864 /dev/urandom > "$1"', 'sh', file]);
		await withLoopDevice(file, {}, async (device) => {
			await truncate(file, 64 * mebibyte - lost);
			await fn(device, 64 * mebibyte - lost);
		});
	}

	it('fails with the offset, or stores zeros there and lists them', async () => {
		const folder = await temp.folder('faulty');
		await withFaultyDisk(async (device, good) => {
			const lines = await afterimageJson(['image', device, '--to', folder], 1);
			expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'read-error' });
			expect((lines.at(-1)?.['details'] as { offset: number }).offset).toBeGreaterThanOrEqual(good);
			expect(await readdir(folder)).toEqual([]);

			const result = await afterimageResult<ImageResult>(['image', device, '--to', folder, '--skip-bad-sectors']);
			const { badRanges } = result.partitions[0]!;
			expect(badRanges[0]?.offset).toBe(good);
			expect(badRanges.reduce((sum, range) => sum + range.length, 0)).toBe(lost);
			const target = temp.file('faulty-back.img');
			await afterimageResult(['restore', result.files[0]!, '--to', target]);
			await run('cmp', ['-n', String(good), target, temp.file('faulty.img')]);
			await run('cmp', ['-n', String(lost), '-i', `${good}:0`, target, '/dev/zero']);
		});
	});
});
