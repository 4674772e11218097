import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BackupFolderInfo } from '../../../src/protocol/backups.ts';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimageResult } from '../../support/cli.ts';
import { withLoopDevice } from '../../support/loop-device.ts';
import { mounted } from '../../support/mounted.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import {
	changeSmallDisk,
	makeSmallDisk,
	restoredHash,
	smallDiskTools,
	type ImageLine,
} from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([
	...smallDiskTools,
	'mkfs.fat',
	'fsck.fat',
	'fusefat',
	'mkfs.exfat',
	'fsck.exfat',
	'mount.exfat-fuse',
]);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;

/** Drivers in user space: Linux's own are not on every machine. That of FAT knows names in ASCII alone. */
const fat = { command: 'fusefat', args: ['-f', '-o', 'rw+,big_writes'] };
const exfat = { command: 'mount.exfat-fuse', args: ['-d'] };

let original = '';

beforeAll(async () => {
	if (!ready) return;
	original = temp.file('original.img');
	await makeSmallDisk(original);
});

async function setIn(folder: string) {
	const { sets } = (await afterimageResult(['sets', folder])) as unknown as BackupFolderInfo;
	expect(sets).toHaveLength(1);
	expect(sets[0]!.damage).toEqual([]);
	return sets[0]!;
}

describe('a destination without hard links, permissions and fine times', () => {
	it.each([
		['FAT32', fat, 'mkfs.fat', ['-F', '32'], 'fsck.fat', 'larger than eight letters'],
		['exFAT', exfat, 'mkfs.exfat', [], 'fsck.exfat', 'größer als acht Zeichen'],
	])('%s holds split files, chains, merges and what was verified', async (_, driver, mkfs, options, fsck, name) => {
		const file = await sparseFile(temp.file('volume'), 300 * mebibyte);
		await withLoopDevice(file, {}, async (volume) => {
			await run(mkfs, [...options, volume]);
			const disk = temp.file('disk.img');
			await run('cp', ['--sparse=always', original, disk]);
			const hashes: string[] = [];
			const names: string[] = [];
			await mounted(volume, driver, async (folder) => {
				for (const [i, type] of ['full', 'diff', 'inc', 'inc', 'inc'].entries()) {
					await changeSmallDisk(disk, i);
					const how = ['--type', type, '--name', name, ...(i === 0 ? ['--split', '1M'] : [])];
					const { files } = await afterimageResult<ImageLine>(['image', disk, '--to', folder, ...how]);
					names.push(basename(files.at(-1)!));
					hashes.push((await run('sha256sum', [disk])).stdout.split(' ')[0]!);
				}
				await afterimageResult(['verify', join(folder, names[4]!)]);
				await afterimageResult(['merge', join(folder, names[2]!), join(folder, names[3]!)]);
			});
			// Mounted anew, nothing comes from what the driver remembers: times are those of the medium.
			await mounted(volume, driver, async (folder) => {
				const { files } = await setIn(folder);
				const backups = files.filter((one, i) => files[i + 1]?.incrementNumber !== one.incrementNumber);
				expect(backups.map((one) => one.name)).toEqual([names[0], names[1], names[2], names[4]]);
				expect(backups[3]?.verifiedOn).toBeDefined();
				for (const [i, hash] of [hashes[0], hashes[1], hashes[3], hashes[4]].entries())
					expect(await restoredHash(backups[i]!.path, temp.file('back'))).toBe(hash);
				const next = await afterimageResult<ImageLine>(['image', disk, '--to', folder]);
				await afterimageResult(['purge', folder, '--full', '1']);
				expect((await setIn(folder)).imageId).toBe(next.imageId);
				expect(await restoredHash(next.files[0]!, temp.file('back'))).toBe(hashes[4]);
				expect((await readdir(folder)).filter((one) => !one.startsWith('.'))).toEqual([basename(next.files[0]!)]);
			});
			await run(fsck, ['-n', volume]);
		});
	});
});
