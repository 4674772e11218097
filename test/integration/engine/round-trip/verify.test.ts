import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import type { VerifyResult } from '../../../../src/engine/requests/verify.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { patch } from '../../../support/raw-disk.ts';
import { disk, image, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('an image of a GPT disk with FAT32 and ext4', () => {
	it('verifies, whole or a sample of it', async () => {
		const whole = await afterimageResult<VerifyResult>(['verify', image]);
		expect(whole).toMatchObject({ bad: [], sampled: false });
		const sample = await afterimageResult<VerifyResult>(['verify', image, '--sample', '10%']);
		expect(sample.sampled).toBe(true);
		expect(sample.blocks).toBeGreaterThan(0);
		expect(sample.blocks).toBeLessThan(whole.blocks / 5);
	});

	it('names each bad block of a damaged image, and is not restored from it', async () => {
		const damaged = temp.file('damaged.mrimgx');
		await writeFile(damaged, await readFile(image));
		// Somewhere within the data blocks, which begin the file.
		await patch(damaged, 2 * mebibyte, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
		const result = await afterimageResult<VerifyResult>(['verify', damaged], 6);
		expect(result.bad).toHaveLength(1);
		expect(result.bad[0]).toMatchObject({ disk: 0, file: damaged, reserved: false });
		const { start, end, block } = result.bad[0]!;
		expect(end - start).toBe(65536);
		expect(start % 512).toBe(0);
		expect(block).toBeGreaterThan(0);
		const lines = await afterimageJson(['restore', damaged, '--to', temp.file('never.img')], 6);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'image-damaged' });
		expect(lines.at(-1)?.['advice']).toContain('never.img was made for this restore and is removed');
		await expect(stat(temp.file('never.img'))).rejects.toThrow();

		const target = temp.file('without-block.img');
		const options = ['--to', target, '--skip-bad-blocks', '--verify'];
		const restored = await afterimageResult<RestoreResult>(['restore', damaged, ...options], 6);
		expect(restored.bad).toEqual(result.bad);
		const place = (result.bad[0]!.partition === 1 ? 1 : 42) * mebibyte + start;
		const whole = await readFile(disk);
		whole.fill(0, place, place + 65536);
		expect(Buffer.compare(await readFile(target), whole)).toBe(0);

		await truncate(damaged, mebibyte);
		const cut = await afterimageJson(['verify', damaged], 6);
		expect(cut.at(-1)).toMatchObject({ type: 'error', code: 'image-damaged' });
	});
});
