import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import type { RestorePreview } from '../../../../src/protocol/restore.ts';
import { noiseFile, sha256 } from '../../../support/byte-files.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { requireRoot } from '../../../support/require.ts';
import { image, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('restore --dry-run', () => {
	it('tells the same as the restore that follows, and makes nothing', async () => {
		const target = temp.file('new.img');
		const told = await afterimageResult<RestorePreview>(['restore', image, '--to', target, '--dry-run']);
		await expect(stat(target)).rejects.toThrow();
		expect(told).toMatchObject({ dryRun: true, created: true, target, size: 128 * mebibyte });
		const done = await afterimageResult<RestoreResult>(['restore', image, '--to', target]);
		expect([told.bytes, told.blocks, told.table?.diskId]).toEqual([done.bytes, done.blocks, done.diskId]);
	});

	it('is a text for people', async () => {
		const target = temp.file('there.img');
		await noiseFile(target, 128 * mebibyte);
		const before = await sha256(target);
		const result = await afterimage(['restore', image, '--to', target, '--dry-run', '--zero-unused', '--delta']);
		expect(result.code).toBe(0);
		expect(result.out).toContain(`Would overwrite ${target}, 128.00 MB (134217728 bytes)`);
		expect(result.out).toMatch(/GPT [0-9A-F-]{36}, of 2 partitions \(1, 2\); /);
		expect(result.out).toMatch(/^ {2}1 +1\.00 MB +40\.00 MB +FAT32 /m);
		expect(result.out).toMatch(/Would write at most .* blocks; would zero /);
		expect(result.out).toContain('Nothing was written.');
		expect(await sha256(target)).toBe(before);
	});

	describe('of a device', () => {
		requireRoot();

		it('needs its name typed by nobody', async () => {
			const file = temp.file('device.img');
			await noiseFile(file, 128 * mebibyte);
			const before = await sha256(file);
			await withLoopDevice(file, {}, async (device) => {
				const told = await afterimageResult<RestorePreview>(['restore', image, '--to', device, '--dry-run']);
				expect(told).toMatchObject({ target: device, created: false });
			});
			expect(await sha256(file)).toBe(before);
		});
	});
});
