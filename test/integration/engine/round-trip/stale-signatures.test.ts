import { open, truncate } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sha256, sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;
const ready = requireTools(['mkswap', 'mkfs.ext4', 'mkfs.btrfs', 'sfdisk', 'sgdisk', 'wipefs', 'blkid']);
requireRoot();
const temp = useTempFolder();

/** Images of disks of 32 MiB. */
let mbr = '';
let first = '';
let bare = '';

const swapIn = async (file: string) => void (await run('mkswap', [file]));

beforeAll(async () => {
	if (!ready) return;
	const disk = temp.file('mbr.img');
	await makeRawDisk(disk, 'dos', 32, [
		{ start: 1, size: 8, type: '82', make: swapIn },
		{ start: 10, size: 22, type: '83', make: async (file) => void (await run('mkfs.ext4', ['-q', '-F', file])) },
	]);
	const volume = await sparseFile(temp.file('bare.img'), 32 * mebibyte);
	await swapIn(volume);
	await temp.folder('images');
	const imaged = async (path: string, ...options: string[]) =>
		(await afterimageResult<ImageResult>(['image', path, '--to', temp.file('images'), ...options])).files[0]!;
	mbr = await imaged(disk);
	first = await imaged(disk, '--partition', '1');
	bare = await imaged(volume);
});

/** What libblkid finds anywhere on a device or file. */
async function marksOn(path: string): Promise<string[]> {
	const { stdout } = await run('wipefs', ['--no-act', '--noheadings', '--output', 'TYPE', path]);
	return stdout.trim().split(/\s+/).sort();
}

async function gptTarget(name: string, size: number): Promise<string> {
	const path = temp.file(name);
	await makeRawDisk(path, 'gpt', size, [{ start: 1, size: 16, type: 'L' }]);
	return path;
}

/** A superblock of a mirror as Linux has it at the end, as far as it is recognised by it. */
async function mirrorOn(path: string, size: number, version: 0 | 1): Promise<void> {
	const sector = version === 0 ? (size - 1) & ~127 : (size - 16) & ~7;
	const superblock = Buffer.alloc(4096);
	superblock.writeUInt32LE(0xa92b4efc, 0);
	superblock.writeUInt32LE(version, 4);
	if (version === 0) superblock.writeUInt32LE(90, 8);
	superblock.fill(7, 0x10, 0x20);
	if (version === 1) superblock.writeBigUInt64LE(BigInt(sector), 0x90);
	await patch(path, sector * 512, superblock);
}

it.each([
	['an MBR', () => mbr, 32, ['dos']],
	['an MBR on a larger disk', () => first, 40, ['dos']],
	['a disk without a table', () => bare, 32, ['swap']],
	['a disk without a table on a larger one', () => bare, 40, ['swap']],
])('no older GPT survives at the end: %s', async (_, image, size, expected) => {
	const target = await gptTarget('target.img', size);
	expect(await marksOn(target)).toContain('gpt');
	await afterimageResult(['restore', image(), '--to', target, '--verify']);
	expect(await marksOn(target)).toEqual(expected);
	expect((await run('sgdisk', ['--print', target], { codes: [0, 2, 3] })).stdout).not.toContain('backup');
});

it('a dry run tells of what would be erased', async () => {
	const target = await gptTarget('told.img', 32);
	const before = await sha256(target);
	const told = await afterimage(['restore', mbr, '--to', target, '--dry-run']);
	expect(told.out).toContain(`What tells of an older GPT at byte ${32 * mebibyte - 512} of the target is erased`);
	expect(await sha256(target)).toBe(before);
});

it('no older GPT survives at the end of sectors of 4096 bytes', async () => {
	const target = await sparseFile(temp.file('4096.img'), 40 * mebibyte);
	await withLoopDevice(target, { sectorSize: 4096 }, async (device) => {
		await run('sfdisk', ['--quiet', device], { input: 'label: gpt\nstart=256, size=1024, type=L\n' });
	});
	const headers = async () => {
		const handle = await open(target, 'r');
		const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 40 * mebibyte - 4096);
		await handle.close();
		return buffer.toString('latin1');
	};
	expect(await headers()).toBe('EFI PART');
	await afterimageResult(['restore', first, '--to', target, '--verify']);
	expect(await headers()).toBe('\0'.repeat(8));
	await withLoopDevice(target, { sectorSize: 4096 }, async (device) => {
		expect(await marksOn(device)).toEqual(['dos']);
	});
});

it.each([0, 1] as const)('no superblock of a mirror of all of an older disk survives (version %i)', async (version) => {
	const target = await sparseFile(temp.file('mirror.img'), 40 * mebibyte);
	await mirrorOn(target, 40 * 2048, version);
	expect(await marksOn(target)).toEqual(['linux_raid_member']);
	await afterimageResult(['restore', first, '--to', target, '--verify']);
	expect(await marksOn(target)).toEqual(['dos']);
});

/** Labels of a ZFS pool's device, as far as libblkid looks at them: uberblocks in the second half of each. */
async function zfsOn(path: string, size: number): Promise<void> {
	const label = 256 * 1024;
	const last = Math.floor(size / label) * label;
	const ring = Buffer.alloc(label / 2);
	for (let at = 0; at < ring.length; at += 4096) {
		ring.writeBigUInt64LE(0x00bab10cn, at);
		ring.writeBigUInt64LE(5000n, at + 8);
	}
	for (const at of [0, label, last - 2 * label, last - label]) await patch(path, at + label / 2, ring);
}

it.each(['dos', 'gpt'] as const)(
	'no label of an older ZFS pool survives, also where the new table lies over its end: %s',
	async (table) => {
		// libblkid looks for no pool on less than 64 MiB.
		const size = 72 * mebibyte;
		const disk = temp.file('zfs-source.img');
		await makeRawDisk(disk, table, 72, [{ start: 1, size: 70, type: table === 'dos' ? '82' : 'S', make: swapIn }]);
		const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')]);
		const target = await sparseFile(temp.file('zfs.img'), size);
		await zfsOn(target, size);
		expect(await marksOn(target)).toContain('zfs_member');
		const before = await sha256(target);
		const told = await afterimage(['restore', files[0]!, '--to', target, '--dry-run']);
		expect(told.out.match(/older ZFS member at byte/g)).toHaveLength(2);
		expect(await sha256(target)).toBe(before);
		await afterimageResult(['restore', files[0]!, '--to', target, '--verify']);
		expect(await marksOn(target)).not.toContain('zfs_member');
		if (table === 'gpt') expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
	},
);

/** Revision at 0x20; the block of the header that it names at 0x60 has the same magic: it names itself. */
function ddfAnchor(size: number): Buffer {
	const header = Buffer.alloc(512);
	header.writeUInt32BE(0xde11de11, 0);
	header.write('01.02.00', 0x20);
	header.writeBigUInt64BE(BigInt(size / 512 - 1), 0x60);
	return header;
}

it.each([
	['isw_raid_member', 1024, Buffer.from('Intel Raid ISM Cfg Sig. 1.3.00')],
	['ddf_raid_member', 512, ddfAnchor(40 * mebibyte)],
])('no superblock of a mirror of firmware survives: %s', async (type, fromEnd, superblock) => {
	const target = await sparseFile(temp.file('firmware.img'), 40 * mebibyte);
	await patch(target, 40 * mebibyte - fromEnd, superblock);
	expect(await marksOn(target)).toEqual([type]);
	await afterimageResult(['restore', first, '--to', target, '--verify']);
	expect(await marksOn(target)).toEqual(['dos']);
});

it('what lies in a partition that is not restored stays, also at the end of the disk', async () => {
	const target = await gptTarget('kept.img', 32);
	const lines = await afterimageJson(['restore', first, '--to', target]);
	expect(lines.map(({ message }) => message)).not.toContainEqual(expect.stringContaining('older GPT'));
	expect(await marksOn(target)).toEqual(['dos', 'gpt']);
});

it('a partition that held something else shows it no more', async () => {
	const target = temp.file('btrfs.img');
	await truncate(await sparseFile(target, 0), 128 * mebibyte);
	await run('sfdisk', ['--quiet', target], { input: 'label: gpt\nstart=2048, size=256000, type=L\n' });
	await withLoopDevice(target, { part: { offset: mebibyte, length: 125 * mebibyte } }, async (device) => {
		await run('mkfs.btrfs', ['-q', '-f', device]);
		await mirrorOn(device, 125 * 2048, 1);
	});
	const into = ['--partition', '1', '--into', '1'];
	await afterimageResult(['restore', first, '--to', target, ...into, '--verify']);
	await withLoopDevice(target, { part: { offset: mebibyte, length: 125 * mebibyte } }, async (device) => {
		expect(await marksOn(device)).toEqual(['swap']);
	});
	expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
});
