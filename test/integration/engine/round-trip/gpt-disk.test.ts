import { stat, truncate } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import { noiseFile, sha256, sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { allocated, makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';
import { sfdiskReads } from '../../disk/layout/oracle.ts';
import { checkFileSystems, disk, image, temp } from './scene.ts';

const mebibyte = 2 ** 20;
/** Where the second partition ends, and the backup of the table behind it. */
const needed = 122 * mebibyte + 33 * 512;

describe('a GPT disk with FAT32 and ext4', () => {
	it('is imaged with the blocks in use alone', async () => {
		const info = await afterimageResult<Record<string, unknown> & { disks: Record<string, unknown>[] }>([
			'inspect',
			image,
		]);
		expect(info['file']).toMatchObject({ type: 'full', comment: 'round trip', fileNumber: 0, incrementNumber: 0 });
		expect(info.disks).toEqual([
			expect.objectContaining({
				table: 'gpt',
				size: 128 * mebibyte,
				partitions: [
					expect.objectContaining({ number: 1, fileSystem: 'FAT32', start: mebibyte }),
					expect.objectContaining({ number: 2, fileSystem: 'ext', start: 42 * mebibyte }),
				],
			}),
		]);
		expect((await stat(image)).size).toBeLessThan(40 * mebibyte);
	});

	it('comes back bit for bit as a new file, sparse', async () => {
		const target = temp.file('new.img');
		const result = await afterimageResult<RestoreResult>(['restore', image, '--to', target, '--verify']);
		expect(result.verifiedBlocks).toBe(result.blocks);
		expect(await sha256(target)).toBe(await sha256(disk));
		expect(await allocated(target)).toBeLessThan(60 * mebibyte);
	});

	it('comes back onto a larger target of random bytes, with its backup table at the end', async () => {
		const target = temp.file('larger.img');
		await noiseFile(target, 160 * mebibyte);
		await afterimageResult(['restore', image, '--to', target, '--verify']);
		expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
		await checkFileSystems(target);
	});

	it('is refused by a smaller target before anything is written, with the size that is needed', async () => {
		const target = temp.file('smaller.img');
		await noiseFile(target, 100 * mebibyte);
		const before = await sha256(target);
		const lines = await afterimageJson(['restore', image, '--to', target], 7);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'target-too-small', details: { needed } });
		expect(lines.at(-1)?.['message']).toContain(String(needed));
		expect(await sha256(target)).toBe(before);
	});

	it('fits a target that is smaller than the disk but holds its partitions', async () => {
		const target = temp.file('tight.img');
		await noiseFile(target, 123 * mebibyte);
		await truncate(target, needed);
		await afterimageResult(['restore', image, '--to', target]);
		expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
		await checkFileSystems(target);
	});

	it('gets ids of its own when asked, and its partitions', async () => {
		const target = temp.file('new-id.img');
		const result = await afterimageResult<RestoreResult>(['restore', image, '--to', target, '--new-disk-id']);
		const idOf = async (path: string) => /\(GUID\): (\S+)/.exec((await run('sgdisk', ['-p', path])).stdout)?.[1];
		expect(await idOf(target)).toBe(result.diskId);
		expect(await idOf(target)).not.toBe(await idOf(disk));
		expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
		const guids = async (path: string) => (await sfdiskReads(path)).partitions.map(({ guid }) => guid).toSorted();
		const [before, after] = [await guids(disk), await guids(target)];
		expect(new Set([...before, ...after]).size).toBe(4);
		const types = async (path: string) => (await sfdiskReads(path)).partitions.map((one) => ({ ...one, guid: '' }));
		expect(await types(target)).toEqual(await types(disk));
	});

	it('writes only what differs with --delta', async () => {
		const target = temp.file('delta.img');
		await afterimageResult(['restore', image, '--to', target]);
		const again = ['restore', image, '--to', target, '--delta', '--verify'];
		expect((await afterimageResult<RestoreResult>(again)).writtenBlocks).toBe(0);
		// The superblock of the ext4 partition is always in use.
		await patch(target, 42 * mebibyte + 1024, new Uint8Array(1024));
		expect((await afterimageResult<RestoreResult>(again)).writtenBlocks).toBe(1);
		expect(await sha256(target)).toBe(await sha256(disk));
	});

	it('leaves, zeroes or punches what is not in the image, as asked', async () => {
		for (const [option, whole] of [
			['', false],
			['--zero-unused', true],
			['--discard', true],
		] as const) {
			const target = temp.file(`free${option}.img`);
			await noiseFile(target, 128 * mebibyte);
			await afterimageResult(['restore', image, '--to', target, ...(option === '' ? [] : [option])]);
			expect((await sha256(target)) === (await sha256(disk))).toBe(whole);
			if (option === '--discard') expect(await allocated(target)).toBeLessThan(100 * mebibyte);
		}
	});

	it('gives one partition to a target that has its place, to a blank one, and to no other', async () => {
		const copy = temp.file('copy.img');
		await run('cp', ['--sparse=always', disk, copy]);
		await patch(copy, 42 * mebibyte, randomNumbers(5).fill(new Uint8Array(2 * mebibyte)));
		await afterimageResult(['restore', image, '--to', copy, '--partition', '2', '--verify']);
		expect(await sha256(copy)).toBe(await sha256(disk));

		const blank = await sparseFile(temp.file('blank.img'), 128 * mebibyte);
		await afterimageResult(['restore', image, '--to', blank, '--partition', '2']);
		const table = (await run('sfdisk', ['--dump', blank])).stdout;
		expect(table).toContain(`start=       ${42 * 2048}`);
		expect(table).not.toContain('start=        2048');

		const other = temp.file('other.img');
		await makeRawDisk(other, 'gpt', 128, [{ start: 1, size: 100, type: 'L' }]);
		const before = await sha256(other);
		const lines = await afterimageJson(['restore', image, '--to', other, '--partition', '2'], 2);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'invalid-argument' });
		expect(await sha256(other)).toBe(before);
	});
});
