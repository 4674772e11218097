import { copyFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { noiseFile, sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { LvmTools } from '../../disk/lvm/group.ts';

const mebibyte = 2 ** 20;
const ready = requireTools([
	...['mkfs.xfs', 'xfs_admin', 'mkfs.btrfs', 'btrfs', 'btrfstune', 'mkfs.ext4', 'lvm', 'blkid', 'sfdisk', 'losetup'],
]);
requireRoot();
const temp = useTempFolder();

const places = {
	xfs: { start: 1, size: 300 },
	btrfs: { start: 302, size: 120 },
	lvm: { start: 424, size: 16 },
} as const;
const partOf = ({ start, size }: { start: number; size: number }) => ({
	part: { offset: start * mebibyte, length: size * mebibyte },
});
let disk = '';
let copy = '';
let image = '';
let told: readonly unknown[] = [];
const lvm = () => new LvmTools(temp.file('lvm'));

const restore = async (target: string, ...options: string[]) =>
	(await afterimageJson(['restore', image, '--to', target, ...options])).map(({ message }) => message);

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	const physical = async (file: string) =>
		withLoopDevice(file, {}, async (device) => {
			await lvm().allow([device]);
			await lvm().run('vgcreate', '-q', 'group', device);
		});
	await makeRawDisk(disk, 'gpt', 450, [
		{ ...places.xfs, type: 'L', make: async (file) => void (await run('mkfs.xfs', ['-q', file])) },
		{ ...places.btrfs, type: 'L', make: async (file) => void (await run('mkfs.btrfs', ['-q', file])) },
		{ ...places.lvm, type: 'L', make: physical },
		{ start: 441, size: 4, type: 'L', make: async (file) => void (await run('mkfs.ext4', ['-q', '-F', file])) },
	]);
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
	copy = temp.file('copy.img');
	told = await restore(copy);
});

/** Both of a kind, as devices. */
async function withBoth(place: { start: number; size: number }, use: (own: string, other: string) => Promise<void>) {
	await withLoopDevice(disk, partOf(place), (own) => withLoopDevice(copy, partOf(place), (other) => use(own, other)));
}

const said = (number: number, type: string, remedy: string) =>
	`Partition ${number} has the UUID of the imaged ${type}: where both are in one machine, ${remedy} gives it another before it is used`;

it('a second XFS cannot be mounted beside the first until it is given a UUID as the restore says', async () => {
	expect(told).toContain(said(1, 'XFS', 'xfs_admin -U generate'));
	await withBoth(places.xfs, (own, other) =>
		mounted(own, [], async () => {
			await expect(mounted(other, [], async () => undefined)).rejects.toThrow();
			await run('xfs_admin', ['-U', 'generate', other]);
			await mounted(other, [], async () => undefined);
		}),
	);
});

it('a second Btrfs gets a UUID of its own as the restore says', async () => {
	expect(told).toContain(said(2, 'Btrfs', 'btrfstune -u'));
	await withBoth(places.btrfs, async (own, other) => {
		const uuid = async (device: string) => (await run('blkid', ['-p', '-s', 'UUID', '-o', 'value', device])).stdout;
		expect(await uuid(own)).toBe(await uuid(other));
		await run('btrfstune', ['-f', '-u', other]);
		expect(await uuid(own)).not.toBe(await uuid(other));
		await mounted(own, [], () => mounted(other, [], async () => undefined));
		await run('btrfs', ['check', '--readonly', other]);
	});
});

it('LVM sees a second physical volume as the restore says', async () => {
	expect(told).toContain(said(3, 'LVM2 physical volume', 'vgimportclone'));
	await withBoth(places.lvm, async (own, other) => {
		await lvm().allow([own, other]);
		const groups = async () => (await lvm().run('vgs', '--noheadings', '-o', 'vg_name')).trim().split(/\s+/).sort();
		expect(await groups()).toEqual(['group']);
		await lvm().run('vgimportclone', '--basevgname', 'copy', other);
		expect(await groups()).toEqual(['copy', 'group']);
	});
});

it('nothing is said of what is restored over itself, nor of file systems of which there may be two', async () => {
	expect(told.filter((message) => String(message).includes('UUID'))).toHaveLength(3);
	const again = temp.file('again.img');
	await copyFile(disk, again);
	for (const options of [[], ['--partition', '1', '--partition', '2']]) {
		expect(await restore(again, '--delta', ...options)).not.toContainEqual(expect.stringContaining('UUID'));
	}
	// Elsewhere it is a copy.
	const volume = await sparseFile(temp.file('volume.img'), 0);
	await noiseFile(volume, 300 * mebibyte);
	const only = ['--partition', '1', '--into', 'volume', '--dry-run'];
	expect((await afterimageJson(['restore', image, '--to', volume, ...only])).at(-1)).toMatchObject({
		notes: [said(1, 'XFS', 'xfs_admin -U generate')],
	});
});
