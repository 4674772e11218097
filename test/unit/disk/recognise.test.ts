import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../src/base/bytes.ts';
import { AfterimageError } from '../../../src/base/errors.ts';
import { foreignSignatures } from '../../../src/disk/container/foreign.ts';
import { layerSignatures } from '../../../src/disk/container/layers.ts';
import { gptTypes } from '../../../src/disk/partition-table/gpt/types.ts';
import { recogniseFileSystem } from '../../../src/disk/recognise.ts';
import { rangeSink, sealExfat, smallExfat, smallFat } from './small-volumes.ts';

function volumeWith(at: number, bytes: string | readonly number[], size = 512 * 1024): Uint8Array {
	const volume = new Uint8Array(size);
	volume.set(typeof bytes === 'string' ? Array.from(bytes, (c) => c.charCodeAt(0)) : bytes, at);
	return volume;
}

/** Offsets and bytes as the specifications and kernels have them, written down here a second time. */
const signatures: [type: string, at: number, bytes: string | number[]][] = [
	['BitLocker', 3, '-FVE-FS-'],
	['ReFS', 3, 'ReFS\0\0\0\0'],
	['APFS', 32, 'NXSB'],
	['HFS+', 1024, 'H+'],
	['HFSX', 1024, 'HX'],
	['HFS', 1024, 'BD'],
	['F2FS', 0x400, [0x10, 0x20, 0xf5, 0xf2]],
	['NILFS2', 0x400, [2, 0, 0, 0, 0, 0, 0x34, 0x34]],
	['EROFS', 0x400, [0xe2, 0xe1, 0xf5, 0xe0]],
	['squashfs', 0, 'hsqs'],
	['JFS', 0x8000, 'JFS1'],
	['ReiserFS', 0x10034, 'ReIsEr2Fs'],
	['ReiserFS', 0x10034, 'ReIsEr3Fs'],
	['Reiser4', 0x10000, 'ReIsEr4'],
	['UFS', 8192 + 1372, [0x54, 0x19, 0x01, 0x00]],
	['UFS2', 65_536 + 1372, [0x19, 0x01, 0x54, 0x19]],
	['ISO 9660', 0x8001, 'CD001'],
	['UDF', 0x9001, 'NSR03'],
	['ZFS member', 0x20000 + 5 * 1024, [0x0c, 0xb1, 0xba, 0, 0, 0, 0, 0]],
	['ZFS member', 0x20000, [0, 0, 0, 0, 0, 0xba, 0xb1, 0x0c]],
	[
		'bcache',
		4096 + 24,
		[0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81],
	],
];

test.each(signatures)('%s is known by its signature at %i', async (type, at, bytes) => {
	const found = await recogniseFileSystem(new MemoryBytes(volumeWith(at, bytes)));
	expect(found).toMatchObject({ type, amiss: false });
	expect(found.wholeReason).toContain(type);
	expect(found.fileSystem).toBeUndefined();
});

test('a member of an array that begins with what the array holds: its volumes of LVM lie on all members', async () => {
	const volume = volumeWith(512, 'LABELONE');
	volume.set(Buffer.from('LVM2 001'), 512 + 0x18);
	expect(await recogniseFileSystem(new MemoryBytes(volume))).toMatchObject({ type: 'LVM2 physical volume' });
	volume.set([0xfc, 0x4e, 0x2b, 0xa9, 1, 0, 0, 0], volume.length - 8192);
	expect(await recogniseFileSystem(new MemoryBytes(volume))).toMatchObject({ type: 'Linux RAID member (1.0)' });
});

test('BitLocker To Go, which imitates FAT32', async () => {
	const volume = smallFat('FAT32');
	volume.set([0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01], 0x1a8);
	expect(await recogniseFileSystem(new MemoryBytes(volume))).toMatchObject({ type: 'BitLocker' });
});

test('an LVM label in any of the first four sectors', async () => {
	for (const sector of [0, 1, 2, 3]) {
		const volume = volumeWith(sector * 512, 'LABELONE');
		volume.set(new TextEncoder().encode('LVM2 001'), sector * 512 + 0x18);
		volume[sector * 512 + 0x14] = 0x20;
		volume.set(new TextEncoder().encode('3LSRxdDL6SIRYJ0qvZkeRlmVdggzebRP'), sector * 512 + 0x20);
		expect(await recogniseFileSystem(new MemoryBytes(volume))).toMatchObject({
			type: 'LVM2 physical volume',
			uuid: '3LSRxd-DL6S-IRYJ-0qvZ-keRl-mVdg-gzebRP',
		});
	}
});

test('a partition type that rules out a file system', async () => {
	const volume = new MemoryBytes(smallFat('FAT16'));
	const reserved = await recogniseFileSystem(volume, { partitionTypeId: gptTypes.microsoftReserved });
	expect(reserved).toMatchObject({ type: 'Microsoft reserved', amiss: false });
	expect(await recogniseFileSystem(volume, { partitionTypeId: gptTypes.basicData })).toMatchObject({ type: 'FAT16' });
});

test('nothing known', async () => {
	for (const size of [0, 1, 511, 512, 1024, 4096, 70_000]) {
		expect(await recogniseFileSystem(new MemoryBytes(new Uint8Array(size)))).toMatchObject({
			type: 'unknown',
			amiss: true,
		});
	}
});

test('a dirty volume is described but not to be read by its map', async () => {
	const volume = smallFat('FAT16');
	volume[0x25] = 1;
	const found = await recogniseFileSystem(new MemoryBytes(volume));
	expect(found).toMatchObject({ type: 'FAT16', label: 'SMALL VOL', amiss: true });
	expect(found.wholeReason).toMatch(/dirty flag/);
	expect(found.fileSystem!.info.freeClusters).toBe(4996);
});

test('read errors pass', async () => {
	const failing: ByteSource = {
		size: 1024 * 1024,
		read: () => Promise.reject(new AfterimageError('read-error', 'Sector 5 cannot be read')),
	};
	await expect(recogniseFileSystem(failing)).rejects.toMatchObject({ code: 'read-error' });
});

describe('hostile volumes', () => {
	/** Offsets that matter lie at the start of each structure; flips fall there four times out of five. */
	const flips = (structures: readonly number[], length: number) =>
		fc.array(
			fc.tuple(
				fc.oneof(
					{ weight: 4, arbitrary: fc.tuple(fc.constantFrom(...structures), fc.nat(127)).map(([a, b]) => a + b) },
					fc.nat(length - 1),
				),
				fc.nat(255),
			),
			{ minLength: 1, maxLength: 8 },
		);

	async function survives(volume: Uint8Array): Promise<void> {
		const found = await recogniseFileSystem(new MemoryBytes(volume));
		if (found.fileSystem === undefined) return;
		const sink = rangeSink();
		try {
			await found.fileSystem.collectUsed(sink);
		} catch (error) {
			expect(error).toBeInstanceOf(AfterimageError);
		}
		for (const [start, end] of sink.ranges) {
			expect(start).toBeGreaterThanOrEqual(0);
			expect(end).toBeLessThanOrEqual(volume.length);
		}
	}

	test.each(['FAT12', 'FAT16', 'FAT32'] as const)('%s', async (type) => {
		const good = smallFat(type);
		await fc.assert(
			fc.asyncProperty(flips([0, 1024], good.length), async (changes) => {
				const volume = good.slice();
				for (const [at, value] of changes) volume[at] = value;
				await survives(volume);
			}),
			{ numRuns: 400 },
		);
	});

	test('exFAT, with its checksum made right again', async () => {
		const good = smallExfat();
		const structures = [0x40, 24 * 512, 32 * 512, 34 * 512];
		await fc.assert(
			fc.asyncProperty(flips(structures, good.length), fc.boolean(), async (changes, seal) => {
				const volume = good.slice();
				for (const [at, value] of changes) volume[at] = value;
				if (seal) sealExfat(volume);
				await survives(volume);
			}),
			{ numRuns: 400 },
		);
	});

	test('truncated anywhere', async () => {
		for (const good of [smallFat('FAT32'), smallExfat()]) {
			for (let length = 0; length < good.length; length += 509) await survives(good.slice(0, length));
		}
	});
});

test('no signature is looked for beyond 1 MiB and a few KiB, or in large pieces', () => {
	for (const { at, length } of [...foreignSignatures, ...layerSignatures(2 ** 40).filter(({ at }) => at < 2 ** 30)]) {
		expect(at + length).toBeLessThanOrEqual(1024 * 1024 + 4096);
		expect(length).toBeLessThanOrEqual(128 * 1024);
	}
});
