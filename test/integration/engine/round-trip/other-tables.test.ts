import { truncate } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import { noiseFile, sha256, sparseFile } from '../../../support/byte-files.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { copyInto, ext4From, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';
import { files, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('other partition tables', () => {
	it('keeps an MBR with logical partitions', async () => {
		const path = temp.file('mbr.img');
		await makeRawDisk(path, 'dos', 128, [
			{ start: 1, size: 20, type: '06', make: fatFrom(files, 16) },
			{ start: 24, size: 100, type: '05' },
			{ start: 25, size: 30, type: '83', make: ext4From(files) },
			{ start: 60, size: 40, type: '83', make: ext4From(files, '-b', '4096') },
		]);
		await temp.folder('mbr');
		const result = await afterimageResult<ImageResult>(['image', path, '--to', temp.file('mbr')]);
		expect(result.partitions).toHaveLength(3);
		const target = temp.file('mbr-back.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target, '--verify']);
		expect(await sha256(target)).toBe(await sha256(path));

		const larger = temp.file('mbr-larger.img');
		await noiseFile(larger, 140 * mebibyte);
		const restored = await afterimageResult<RestoreResult>([
			...['restore', result.files[0]!, '--to', larger, '--new-disk-id'],
		]);
		const dump = async (file: string) => (await run('sfdisk', ['--dump', file])).stdout.replaceAll(file, 'disk');
		expect((await dump(larger)).replace(/label-id: .*/, '')).toBe((await dump(path)).replace(/label-id: .*/, ''));
		expect(await dump(larger)).toContain(`label-id: 0x${restored.diskId.toLowerCase()}`);
	});

	it('keeps a file system without a table', async () => {
		const path = await sparseFile(temp.file('bare.img'), 32 * mebibyte);
		await ext4From(files)(path);
		await temp.folder('bare');
		const result = await afterimageResult<ImageResult>(['image', path, '--to', temp.file('bare')]);
		const target = temp.file('bare-back.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target, '--verify']);
		expect(await sha256(target)).toBe(await sha256(path));
	});

	it('finds the partitions of a file from a disk with sectors of 4096 bytes', async () => {
		const path = await sparseFile(temp.file('4096.img'), 20 * mebibyte);
		// Sector numbers are the same whatever a sector holds: a disk of 512 bytes a sector becomes one of eight times its size.
		const script = 'label: dos\nstart=256, size=7680, type=c\nstart=8192, size=25600, type=83\n';
		await run('sfdisk', ['--quiet', path], { input: script });
		await truncate(path, 160 * mebibyte);
		const fat = await sparseFile(temp.file('4096.fat'), 30 * mebibyte);
		await run('mkfs.fat', ['-S', '4096', fat]);
		await copyInto(fat, path, mebibyte);
		const ext = await sparseFile(temp.file('4096.ext4'), 100 * mebibyte);
		await ext4From(files)(ext);
		await copyInto(ext, path, 32 * mebibyte);

		await temp.folder('4096');
		const result = await afterimageResult<ImageResult>(['image', path, '--to', temp.file('4096')]);
		expect(result.partitions).toMatchObject([
			{ number: 1, fileSystem: expect.stringMatching(/^FAT/) as string, length: 30 * mebibyte },
			{ number: 2, fileSystem: 'ext4', length: 100 * mebibyte },
		]);
		const target = temp.file('4096-back.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target, '--verify']);
		expect(await sha256(target)).toBe(await sha256(path));
	});
});
