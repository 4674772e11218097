import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { disk, images, temp, untilWriting } from './scene.ts';

const mebibyte = 2 ** 20;

describe('devices', () => {
	requireRoot();

	/** The disk file as a loop device with partition nodes. */
	function withDevice(file: string, fn: (device: string) => Promise<void>): Promise<void> {
		return withLoopDevice(file, {}, async (device) => {
			try {
				await run('partx', ['--add', device]);
				await fn(device);
			} finally {
				await run('partx', ['--delete', device]);
			}
		});
	}

	it('are listed with what is mounted, and imaged while it is, frozen for the run', async () => {
		const folder = await temp.folder('device-images');
		const copy = temp.file('device.img');
		await run('cp', ['--sparse=always', disk, copy]);
		await withDevice(copy, async (device) => {
			const node = `${device}p1`;
			await mounted(node, [], async (mountPoint) => {
				await writeFile(join(mountPoint, 'before'), 'written just before the run');
				const listed = await afterimageResult<{ type: string; disks: { partitions: { mountedAt: string[] }[] }[] }>([
					'disks',
					device,
				]);
				expect(listed.disks[0]?.partitions[0]?.mountedAt).toEqual([mountPoint]);

				const lines = await afterimageJson(['image', node, '--to', folder]);
				expect(lines).toContainEqual(
					expect.objectContaining({ type: 'log', message: expect.stringContaining('Froze') as string }),
				);
				// It is thawed again: a write comes through.
				await writeFile(join(mountPoint, 'after'), 'written after the run');
				const refused = await afterimageJson(['image', device, '--to', mountPoint], 2);
				expect(refused.at(-1)?.['message']).toContain('which is to be imaged');
				const file = join(folder, (await images(folder))[0]!);
				const inUse = await afterimageJson(['restore', file, '--to', device, '--yes'], 1);
				expect(inUse.at(-1)).toMatchObject({ code: 'target-in-use' });
				expect(inUse.at(-1)?.['message']).toContain(mountPoint);
			});
		});
		const image = join(folder, (await images(folder))[0]!);
		const target = temp.file('from-device.img');
		await afterimageResult(['restore', image, '--to', target]);
		await run('dd', [`if=${target}`, `of=${temp.file('p1')}`, 'bs=1M', 'skip=1', 'count=250', 'status=none']);
		await run('e2fsck', ['-fn', temp.file('p1')]);
		const content = await run('debugfs', ['-R', 'cat /before', temp.file('p1')]);
		expect(content.stdout).toBe('written just before the run');
	});

	it('thaw when the engine is killed while they are frozen', async () => {
		const folder = await temp.folder('thaw-images');
		const copy = temp.file('thaw.img');
		await run('cp', ['--sparse=always', disk, copy]);
		await withDevice(copy, async (device) => {
			await mounted(`${device}p1`, [], async (mountPoint) => {
				await afterimage(['image', device, '--to', folder], (child) => {
					void untilWriting(folder).then(() => child.kill('SIGKILL'));
				});
				// Would hang, and run into the test's own limit, were it still frozen.
				await run('sh', [
					'-c',
					'for i in 1 2 3; do touch "$1/thawed" && sync && exit 0; sleep 1; done',
					'sh',
					mountPoint,
				]);
			});
		});
	});

	it('are written after their name was confirmed, and read back', async () => {
		const folder = await temp.folder('to-device-images');
		const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', folder]);
		const file = await sparseFile(temp.file('to-device.img'), 260 * mebibyte);
		await withLoopDevice(file, {}, async (device) => {
			const asked = await afterimageJson(['restore', files[0]!, '--to', device], 2);
			expect(asked.at(-1)?.['advice']).toContain('--yes');
			await afterimageResult(['restore', files[0]!, '--to', device, '--yes', '--verify', '--discard']);
		});
		expect((await run('sgdisk', ['-v', file])).stdout).toContain('No problems found');
		await run('cmp', ['-i', '20480', '-n', String(250 * mebibyte), file, disk]);
	});

	it('take one partition into a partition of another place', async () => {
		const folder = await temp.folder('one-partition');
		const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', folder]);
		const other = temp.file('elsewhere.img');
		await makeRawDisk(other, 'gpt', 300, [{ start: 40, size: 255, type: 'L' }]);
		await withDevice(other, async (device) => {
			await afterimageResult(['restore', files[0]!, '--to', `${device}p1`, '--yes', '--verify']);
		});
		await run('dd', [`if=${other}`, `of=${temp.file('p2')}`, 'bs=1M', 'skip=40', 'count=250', 'status=none']);
		await run('e2fsck', ['-fn', temp.file('p2')]);
	});
});
