import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { VerifyResult } from '../../../../src/engine/requests/verify.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { LvmTools } from './group.ts';

requireTools(['lvm', 'sfdisk', 'mkfs.ext4', 'losetup']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const lvmType = 'E6D6D379-F507-44C2-A23C-238F2A3DF928';

const noise = (seed: number, size: number) => randomNumbers(seed).fill(new Uint8Array(size));

/** ext4 with a file of noise in a folder. @param dirty as it is while it is in use, with a journal to replay */
async function volume(name: string, mebibytes: number, content: Uint8Array, dirty = false): Promise<string> {
	const file = await sparseFile(temp.file(name), mebibytes * mebibyte);
	const copy = temp.file(`${name}.copy`);
	await run('mkfs.ext4', ['-q', '-F', file]);
	await mounted(file, ['-o', 'loop'], async (folder) => {
		await mkdir(join(folder, 'in'));
		await writeFile(join(folder, 'in', `${name}-file`), content);
		await run('sync', ['-f', folder]);
		await copyFile(file, copy);
	});
	return dirty ? copy : file;
}

async function imageOf(disk: string, name: string): Promise<string> {
	const folder = await temp.folder(name);
	const args = ['image', disk, '--to', folder, '--compression', 'none'];
	return (await afterimageResult<ImageResult>(args)).files[0]!;
}

describe('an image of volumes of LVM', () => {
	it('is walked through, and tells the files of volumes that lie in damaged blocks', async () => {
		const lvm = new LvmTools(await temp.folder('lvm'));
		const contents = { root: noise(1, 3 * mebibyte), stripes: noise(2, 3 * mebibyte) };
		const makeGroup = (partition: string) =>
			withLoopDevice(partition, {}, async (device) => {
				await lvm.allow([device]);
				await lvm.run('pvcreate', '-q', device);
				await lvm.run('vgcreate', '-q', '-s', '1m', 'group', device);
				// In two pieces: the file in it begins in the second.
				await lvm.create('root', '-L', '4m', 'group');
				await lvm.create('stripes', '-i', '2', '-I', '64k', '-L', '16m', '--alloc', 'anywhere', 'group', device);
				await lvm.run('lvextend', '-q', '-L', '20m', 'group/root', device);
				await lvm.create('pool', '-L', '4m', 'group');
				for (const [name, content] of Object.entries(contents)) {
					const file = await volume(name, name === 'root' ? 20 : 16, content);
					await lvm.write(file, `group/${name}`, device, temp.file('piece'));
				}
				await run('sync', [device]);
			});
		const disk = temp.file('disk.img');
		await makeRawDisk(disk, 'gpt', 66, [{ start: 1, size: 64, type: lvmType, make: makeGroup }]);
		const file = await imageOf(disk, 'images');
		const sound = await afterimageResult<VerifyResult>(['verify', file, '--file-systems']);
		expect(sound.fileSystems).toMatchObject([{ files: 2, problemCount: 0, notInOrder: [] }]);
		expect(sound.fileSystems![0]!.warnings).toEqual([
			{ path: 'pool', reason: 'not checked: it is a volume of unknown contents' },
		]);
		const image = await readFile(file);
		for (const [name, content] of Object.entries(contents)) {
			const damaged = temp.file(`${name}.mrimgx`);
			await copyFile(file, damaged);
			// The piece of a sector, so that no stripe divides it.
			const at = image.indexOf(content.subarray(2 * mebibyte, 2 * mebibyte + 512));
			expect(at).toBeGreaterThan(0);
			await patch(damaged, at + 7, Uint8Array.of(image[at + 7]! ^ 1));
			await copyFile(damaged, file);
			const { bad, damage } = await afterimageResult<VerifyResult>(['verify', file], 6);
			expect(bad).toHaveLength(1);
			expect(damage).toMatchObject([{ files: [{ path: `${name}/in/${name}-file` }], otherBlocks: 0 }]);
			// A block of its map may lie in the midst of it.
			expect(damage[0]!.files[0]!.bytes).toBeGreaterThan(60_000);
			expect(damage[0]!.files[0]!.bytes).toBeLessThanOrEqual(65_536);
			await writeFile(file, image);
		}
	});
});

describe('an image of a file system that was in use', () => {
	it('is sound: what is found in it is a warning', async () => {
		const disk = temp.file('dirty.img');
		const make = async (file: string) => copyFile(await volume('dirty', 16, noise(3, mebibyte), true), file);
		await makeRawDisk(disk, 'gpt', 20, [{ start: 1, size: 16, type: 'L', make }]);
		const file = await imageOf(disk, 'dirty-images');
		const result = await afterimageResult<VerifyResult>(['verify', file, '--file-systems']);
		const [check] = result.fileSystems!;
		expect(check).toMatchObject({ fileSystem: 'ext4', problemCount: 0, notInOrder: [{ path: '' }] });
		const { code, out } = await afterimage(['verify', file, '--file-systems']);
		expect(code).toBe(0);
		expect(out).toContain('was not in order when it was imaged (');
	});
});
