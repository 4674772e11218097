import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { ByteSource } from '../../../../src/base/bytes.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { rangesWithin } from '../hostile.ts';
import { makeVolume, SparseVolume, type MadeVolume } from './make-volume.ts';

/** Opens and maps; only the product's own errors may come, and every range lies in the volume. */
async function survive(volume: ByteSource, frozen: boolean): Promise<void> {
	try {
		const fileSystem = await extDriver.open(volume, { frozen });
		if (fileSystem === undefined) return;
		const { info } = fileSystem;
		expect(info.size).toBeLessThanOrEqual(volume.size);
		expect(info.used + info.free).toBe(info.size);
		expect(info.freeClusters).toBeLessThanOrEqual(info.totalClusters);
		await fileSystem.collectUsed(rangesWithin(volume));
	} catch (error) {
		if (!(error instanceof AfterimageError)) throw error;
		expect(error.code).toBe('structure-damaged');
	}
}

/** The made volume at the start of a much larger one, so that wild sizes are not refused for want of room. */
async function enlarge(made: MadeVolume, size: number): Promise<SparseVolume> {
	const large = new SparseVolume(size);
	const bytes = new Uint8Array(made.volume.size);
	await made.volume.read(0, bytes);
	large.write(0, bytes);
	return large;
}

const superblockFields = [
	0x00, 0x04, 0x0c, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x3a, 0x4c, 0x58, 0x5c, 0x60, 0x64, 0xce, 0xe0, 0xe8, 0xfe,
	0x104, 0x150, 0x158, 0x168, 0x16c, 0x24c, 0x250, 0x270,
];
const value = fc.oneof(
	fc.nat(16),
	fc.constantFrom(0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 0x8000, 256, 1024, 4096, 65536),
	fc.integer({ min: 0, max: 0xffffffff }),
);
const change = fc.tuple(fc.constantFrom(...superblockFields), value);

test('a superblock with wild values and a right checksum', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(change, { minLength: 1, maxLength: 5 }),
			fc.constantFrom('none', 'crc16', 'crc32c'),
			fc.constantFrom(0, 2 ** 30, 2 ** 44),
			fc.boolean(),
			async (changes, checksums, size, frozen) => {
				const made = makeVolume({
					checksums,
					blocks: 1 + 3 * 256,
					spoilSuperblock(superblock) {
						for (const [offset, wild] of changes) superblock.setUint32(offset, wild, true);
					},
				});
				const volume = size === 0 ? made.volume : await enlarge(made, size);
				await survive(volume, frozen);
				expect(volume.bytesRead).toBeLessThan(64 * 1024 * 1024);
			},
		),
		{ numRuns: 500 },
	);
});

test('group descriptors with wild values and right checksums', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.nat(10),
			fc.array(fc.tuple(fc.constantFrom(0, 4, 8, 0x0c, 0x12, 0x18, 0x20, 0x24, 0x28, 0x2c, 0x38), value), {
				minLength: 1,
				maxLength: 4,
			}),
			fc.constantFrom('none', 'crc16', 'crc32c'),
			fc.constantFrom(1, 4),
			async (group, changes, checksums, flex) => {
				const made = makeVolume({
					checksums,
					flex,
					blocks: 1 + 10 * 256 + 90,
					spoil(number, descriptor) {
						if (number !== group) return;
						for (const [offset, wild] of changes) descriptor.setUint32(offset, wild, true);
					},
				});
				await survive(made.volume, false);
				expect(made.volume.bytesRead).toBeLessThan(4 * 1024 * 1024);
			},
		),
		{ numRuns: 500 },
	);
});

test('any bytes of superblock and descriptors flipped', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(fc.nat(3071), fc.nat(255)), { minLength: 1, maxLength: 8 }),
			fc.constantFrom('none', 'crc16', 'crc32c'),
			async (flips, checksums) => {
				const made = makeVolume({ checksums, blocks: 1 + 4 * 256, uninitialised: [2] });
				for (const [at, byte] of flips) made.volume.write(1024 + at, Uint8Array.of(byte));
				await survive(made.volume, false);
			},
		),
		{ numRuns: 500 },
	);
});

test('a volume cut anywhere', async () => {
	const made = makeVolume({ blocks: 1 + 4 * 256 });
	const bytes = new Uint8Array(made.volume.size);
	await made.volume.read(0, bytes);
	await fc.assert(
		fc.asyncProperty(fc.nat(bytes.length), async (length) => {
			const cut = new SparseVolume(length);
			cut.write(0, bytes.subarray(0, length));
			await survive(cut, false);
		}),
	);
});
