import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readLuksHeader } from '../../../src/disk/luks/header.ts';
import { recogniseFileSystem, type Recognised, type RecogniseOptions } from '../../../src/disk/recognise.ts';
import { fileSource, sparseFile } from '../../support/byte-files.ts';
import { requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import { poke } from './layout/oracle.ts';

requireTools([
	'mkfs.ext4',
	'mkfs.xfs',
	'mkfs.btrfs',
	'mkntfs',
	'mkfs.fat',
	'mkfs.exfat',
	'mkswap',
	'cryptsetup',
	'blkid',
]);
const temp = useTempFolder();
const MiB = 1024 * 1024;
let made = 0;

async function formatted(size: number, tool: string, ...options: string[]): Promise<string> {
	const image = await sparseFile(temp.file(`volume${made++}.img`), size);
	await run(tool, [...options, image], { input: 'password' });
	return image;
}

async function recognised(image: string, options: RecogniseOptions = {}): Promise<Recognised> {
	const source = await fileSource(image);
	return recogniseFileSystem(source, options).finally(() => source.close());
}

async function blkid(image: string, tag: string): Promise<string> {
	return (await run('blkid', ['-p', '-o', 'value', '-s', tag, image], { codes: [0, 2] })).stdout.trim();
}

describe('file systems', () => {
	test.each([
		['ext2', ['mkfs.ext4', '-q', '-t', 'ext2', '-L', 'label']],
		['ext4', ['mkfs.ext4', '-q', '-L', 'label']],
		['XFS', ['mkfs.xfs', '-q', '-L', 'label']],
		['Btrfs', ['mkfs.btrfs', '-q', '-L', 'label']],
		['NTFS', ['mkntfs', '-F', '-Q', '-q', '-L', 'label']],
		['FAT32', ['mkfs.fat', '-F', '32', '-n', 'label']],
		['exFAT', ['mkfs.exfat', '-L', 'label']],
		['swap', ['mkswap', '-L', 'label']],
	])('%s', async (type, [tool, ...options]) => {
		const image = await formatted(400 * MiB, tool!, ...options);
		const found = await recognised(image);
		expect(found).toMatchObject({ type, amiss: false, label: await blkid(image, 'LABEL') });
		expect(found.wholeReason).toBeUndefined();
		expect(found.uuid).toBe(await blkid(image, 'UUID'));
		expect(found.identity).toBe(type === 'Btrfs' ? `${found.uuid} ${await blkid(image, 'UUID_SUB')}` : found.uuid);
		expect(found.fileSystem!.info.size).toBeLessThanOrEqual(400 * MiB);
	});

	test('swap keeps its first page alone, for every page size', async () => {
		for (const pageSize of [4096, 8192, 16_384, 32_768, 65_536]) {
			const image = await formatted(4 * MiB, 'mkswap', '-p', String(pageSize));
			const { fileSystem } = await recognised(image);
			expect(fileSystem!.info).toMatchObject({ used: pageSize, clusterSize: pageSize, size: 4 * MiB });
			const ranges: number[][] = [];
			await fileSystem!.collectUsed({ add: (...range) => ranges.push(range) });
			expect(ranges).toEqual([[0, pageSize]]);
		}
	});

	test('swap that holds a hibernated system is stored whole', async () => {
		const image = await formatted(4 * MiB, 'mkswap');
		await poke(image, [{ offset: 4086, data: new TextEncoder().encode('S1SUSPEND\0') }]);
		expect(await blkid(image, 'TYPE')).toBe('swsuspend');
		const found = await recognised(image);
		expect(found).toMatchObject({ type: 'swap', amiss: true, uuid: await blkid(image, 'UUID') });
		expect(found.wholeReason).toMatch(/hibernated/);
	});
});

describe('containers', () => {
	test.each(['luks1', 'luks2'])('%s', async (type) => {
		const fast = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000', '--batch-mode'];
		const image = await formatted(32 * MiB, 'cryptsetup', 'luksFormat', '--type', type, ...fast);
		expect(await recognised(image)).toMatchObject({
			type: type.toUpperCase(),
			uuid: await blkid(image, 'UUID'),
			wholeReason: expect.stringContaining('every sector') as string,
			amiss: false,
		});
		const dump = (await run('cryptsetup', ['luksDump', image])).stdout;
		const told = /^\s*offset: (\d+) \[bytes\]$/m.exec(dump)?.[1];
		const sectors = /^Payload offset:\s*(\d+)$/m.exec(dump)?.[1];
		const source = await fileSource(image);
		expect(await readLuksHeader(source).finally(() => source.close())).toEqual({
			uuid: await blkid(image, 'UUID'),
			dataStart: told === undefined ? Number(sectors) * 512 : Number(told),
			dataEnd: 32 * MiB,
		});
	});

	/** Superblock of a RAID1 member; the kernels of test machines seldom have MD. */
	function mdSuperblock(minor: 'v0.90' | 'v1', offset: number): Uint8Array {
		const block = new Uint8Array(4096);
		const view = new DataView(block.buffer);
		view.setUint32(0, 0xa92b4efc, true);
		if (minor === 'v1') {
			view.setUint32(4, 1, true);
			for (let i = 0; i < 16; i++) block[0x10 + i] = i + 1;
			for (let i = 0; i < 16; i++) block[0xa8 + i] = 0xd0 + i;
			block.set(new TextEncoder().encode('host:name'), 0x20);
			view.setBigUint64(0x90, BigInt(offset / 512), true);
			view.setUint32(0x64, 0, true);
		} else {
			view.setUint32(8, 90, true);
			for (const [i, at] of [0x14, 0x34, 0x38, 0x3c].entries()) view.setUint32(at, 0x01020304 * (i + 1), true);
		}
		return block;
	}

	test.each([
		['1.1', 0],
		['1.2', 4096],
		['1.0', 64 * MiB - 8192],
		['0.90', 64 * MiB - 65_536],
	] as const)('a mirror member of version %s, with a file system that shows through', async (version, offset) => {
		const image = await formatted(64 * MiB, 'mkfs.ext4', '-q', '-F');
		await poke(image, [{ offset, data: mdSuperblock(version === '0.90' ? 'v0.90' : 'v1', offset) }]);
		expect(await blkid(image, 'TYPE')).toBe('linux_raid_member');
		const uuid = await blkid(image, 'UUID');
		expect(await recognised(image)).toMatchObject({
			type: `Linux RAID member (${version})`,
			uuid,
			identity: version === '0.90' ? '' : `${uuid} ${await blkid(image, 'UUID_SUB')}`,
			label: await blkid(image, 'LABEL'),
			amiss: false,
		});
	});
});

describe('distrust', () => {
	test('two file systems in one place', async () => {
		const btrfs = await readFile(await formatted(200 * MiB, 'mkfs.btrfs', '-q'));
		const image = await formatted(200 * MiB, 'mkfs.fat', '-F', '32', '-n', 'FATTY');
		await poke(image, [{ offset: 65_536, data: btrfs.subarray(65_536, 65_536 + 4096) }]);
		const found = await recognised(image);
		expect(found).toMatchObject({ amiss: true });
		expect(found.wholeReason).toMatch(/several file systems \(.*FAT.*Btrfs.*\)/i);
	});

	test('a damaged superblock becomes a reason, not an error', async () => {
		const image = await formatted(64 * MiB, 'mkfs.fat', '-F', '16');
		await poke(image, [{ offset: 0x0d, data: Uint8Array.of(3) }]);
		const found = await recognised(image);
		expect(found).toMatchObject({ type: 'FAT', amiss: true });
		expect(found.wholeReason).toMatch(/sectors per cluster.*power of two.*3/);
	});

	test('cancellation passes', async () => {
		const image = await formatted(64 * MiB, 'mkfs.fat', '-F', '16');
		await expect(recognised(image, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
	});
});
