import { beforeAll, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { LvmTools } from '../../disk/lvm/group.ts';

const mebibyte = 2 ** 20;
const ready = requireTools([
	...['mkfs.ext4', 'e2fsck', 'resize2fs', 'tune2fs', 'mkfs.xfs', 'xfs_growfs', 'xfs_repair', 'mkfs.btrfs', 'btrfs'],
	...['mkntfs', 'ntfs-3g', 'ntfsresize', 'ntfsinfo', 'mkswap', 'blkid', 'lvm', 'sfdisk', 'losetup'],
]);
requireRoot();
const temp = useTempFolder();

/** MiB on the imaged disk, by number, and on the target. */
const before = [
	{ start: 1, size: 40 },
	{ start: 50, size: 320 },
	{ start: 400, size: 120 },
	{ start: 750, size: 40 },
	{ start: 800, size: 16 },
	{ start: 820, size: 16 },
] as const;
const after = [
	{ start: 1, size: 45 },
	{ start: 50, size: 340 },
	// The kernel refuses sizes below 256 MiB.
	{ start: 400, size: 300 },
	{ start: 750, size: 45 },
	{ start: 800, size: 18 },
	{ start: 820, size: 19 },
] as const;

let image = '';
let target = '';
let hashes = new Map<string, string>();
const lvm = () => new LvmTools(temp.file('lvm'));
const ntfs = { command: 'ntfs-3g', args: ['-o', 'no_detach'] };

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	await fillFolder(files, 1, { files: 20, bytes: 2 * mebibyte });
	hashes = await hashTree(files);
	const made =
		(command: string, args: readonly string[], how: Parameters<typeof mounted>[1]) => async (file: string) => {
			await run(command, [...args, file]);
			await mounted(file, how, async (folder) => void (await run('cp', ['-a', `${files}/.`, folder])));
		};
	const disk = temp.file('disk.img');
	const physical = async (file: string) =>
		withLoopDevice(file, {}, async (device) => {
			await lvm().allow([device]);
			await lvm().run('pvcreate', '-q', device);
		});
	const makers = [
		async (file: string) => {
			await made('mkfs.ext4', ['-q', '-F'], ['-o', 'loop'])(file);
			// It was mounted since it was checked.
			await run('tune2fs', ['-T', '20200101', file]);
		},
		made('mkfs.xfs', ['-q'], ['-o', 'loop']),
		made('mkfs.btrfs', ['-q'], ['-o', 'loop']),
		made('mkntfs', ['-q', '-F', '-s', '512', '-p', '0', '-H', '255', '-S', '63'], ntfs),
		async (file: string) => void (await run('mkswap', [file])),
		physical,
	];
	await makeRawDisk(disk, 'gpt', 840, before.map((place, i) => ({ ...place, type: 'L', make: makers[i]! }))); // prettier-ignore
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
	target = temp.file('target.img');
	await makeRawDisk(target, 'gpt', 840, after.map((place) => ({ ...place, type: 'L' }))); // prettier-ignore
});

/** Restores a partition into the larger one of its number, and tries what the restore says of its size. */
async function grown(number: number, said: string, grow: (device: string) => Promise<void>): Promise<void> {
	const place = ['--partition', String(number), '--into', String(number)];
	const lines = await afterimageJson(['restore', image, '--to', target, ...place, '--verify']);
	expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining(`which keeps its size: ${said}`));
	const { start, size } = after[number - 1]!;
	const part = { offset: start * mebibyte, length: size * mebibyte };
	await withLoopDevice(target, { part }, grow);
}

/** Has a mounted file system all its files, and the bytes that df tells of it. */
async function holdsAll(device: string, how: Parameters<typeof mounted>[1]): Promise<number> {
	return mounted(device, how, async (folder) => {
		expect(await hashTree(folder)).toEqual(hashes);
		return Number((await run('df', ['--block-size=1', '--output=size', folder])).stdout.split('\n')[1]);
	});
}

it('ext4 is grown by resize2fs, which wants it checked', async () => {
	await grown(1, 'resize2fs grows it, after e2fsck -f', async (device) => {
		expect((await run('resize2fs', [device], { codes: [1] })).stderr).toMatch(/run 'e2fsck -f/);
		await run('e2fsck', ['-f', '-y', device]);
		expect((await run('resize2fs', [device])).stdout).toContain(`is now ${45 * 1024} (1k) blocks long`);
		await run('e2fsck', ['-fn', device]);
		await holdsAll(device, ['-o', 'ro']);
	});
});

it('XFS is grown by xfs_growfs', async () => {
	await grown(2, 'xfs_growfs grows it once it is mounted', async (device) => {
		await mounted(device, [], async (folder) => {
			expect((await run('xfs_growfs', [folder])).stdout).toContain(`changed from ${320 * 256} to ${340 * 256}`);
		});
		await run('xfs_repair', ['-n', device]);
		await holdsAll(device, ['-o', 'ro']);
	});
});

it('Btrfs is grown by its own resize', async () => {
	await grown(3, 'btrfs filesystem resize max grows it once it is mounted', async (device) => {
		await mounted(device, [], async (folder) => void (await run('btrfs', ['filesystem', 'resize', 'max', folder])));
		await run('btrfs', ['check', '--readonly', device]);
		expect(await holdsAll(device, ['-o', 'ro'])).toBe(300 * mebibyte);
	});
});

it('NTFS is grown by ntfsresize', async () => {
	await grown(4, 'extend filesystem of diskpart, or ntfsresize, grows it', async (device) => {
		await run('ntfsresize', ['--no-progress-bar', device], { input: 'y\n' });
		// Windows, and nothing else, takes back the check that ntfsresize asks it for.
		expect(await holdsAll(device, { ...ntfs, args: [...ntfs.args, '-o', 'ro'] })).toBe(45 * mebibyte - 4096);
	});
});

it('swap is made anew with its UUID', async () => {
	await grown(5, 'mkswap -U with its UUID makes it anew', async (device) => {
		const uuid = async () => (await run('blkid', ['-p', '-s', 'UUID', '-o', 'value', device])).stdout.trim();
		const old = await uuid();
		expect((await run('mkswap', ['-U', old, device])).stdout).toContain(`${18 * mebibyte - 4096} bytes`);
		expect(await uuid()).toBe(old);
	});
});

it('a physical volume is grown by pvresize', async () => {
	await grown(6, 'pvresize grows it', async (device) => {
		await lvm().allow([device]);
		await lvm().run('pvresize', '-q', device);
		const size = await lvm().run('pvs', '--noheadings', '--nosuffix', '--units', 'm', '-o', 'pv_size', device);
		expect(Number(size)).toBe(19);
	});
});
