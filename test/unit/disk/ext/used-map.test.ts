import { describe, expect, test } from 'vitest';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { makeVolume, type MadeVolume, type VolumeOptions } from './make-volume.ts';

async function mapOf(made: MadeVolume): Promise<number[]> {
	const found = new Set<number>();
	const fileSystem = (await extDriver.open(made.volume, {}))!;
	await fileSystem.collectUsed({
		add(start, end) {
			for (let block = start / made.blockSize; block < end / made.blockSize; block++) found.add(block);
		},
	});
	return [...found].sort((a, b) => a - b);
}

const sorted = (made: MadeVolume) => [...made.used].sort((a, b) => a - b);

async function failure(made: MadeVolume): Promise<string> {
	const error = await mapOf(made).catch((thrown: unknown) => thrown);
	if (!isAfterimageError(error, 'structure-damaged'))
		throw new Error(`expected structure-damaged, found ${String(error)}`);
	return error.message;
}

const someUsed = [50, 51, 52, 60, 250, 300, 511, 512, 513, 1200, 5219];

describe('the used blocks', () => {
	const cases: [string, VolumeOptions][] = [
		['plain', {}],
		['without checksums', { checksums: 'none' }],
		['with crc16', { checksums: 'crc16' }],
		['with blocks of 4 KiB', { blockSize: 4096 }],
		['with flex_bg', { flex: 16 }],
		['with a flex group larger than the volume', { flex: 64 }],
		['with uninitialised groups', { uninitialised: [3, 4, 7, 8, 19] }],
		['with uninitialised groups, crc16', { uninitialised: [3, 4, 7, 8, 19], checksums: 'crc16' }],
		['with uninitialised groups and flex_bg', { uninitialised: [3, 5, 7, 9, 10, 19], flex: 4 }],
		['with bigalloc', { ratio: 4, blocksPerGroup: 512 }],
		['with bigalloc and uninitialised groups', { ratio: 16, blocksPerGroup: 512, uninitialised: [2, 3, 5, 6, 9] }],
		['with bigalloc and blocks of 4 KiB', { ratio: 2, blockSize: 4096, uninitialised: [7] }],
		['with a short last cluster', { ratio: 16, blocksPerGroup: 512, blocks: 5000 + 3, used: [5002] }],
	];
	test.each(cases)('%s', async (_, options) => {
		const inUse = someUsed.filter(
			(block) => !options.uninitialised?.includes(Math.floor(block / (options.blocksPerGroup ?? 256))),
		);
		const made = makeVolume({ used: inUse, ...options });
		expect(await mapOf(made)).toEqual(sorted(made));
		const info = (await extDriver.open(made.volume, {}))!.info;
		expect(info.dirty).toBeUndefined();
		expect(info.used + info.free).toBe(info.size);
	});

	test('what lies behind the file system is used', async () => {
		const made = makeVolume({ tail: 3000 });
		const ends: number[] = [];
		await (await extDriver.open(made.volume, {}))!.collectUsed({ add: (_, end) => ends.push(end) });
		expect(Math.max(...ends)).toBe(made.volume.size);
	});

	test("other groups' structures in an uninitialised group are used all the same", async () => {
		// The leader of the flex group: its descriptor counts its own structures alone, as the kernel would.
		const plain = makeVolume({ flex: 4 });
		const spoil = (group: number, descriptor: DataView) => {
			if (group === 12) descriptor.setUint16(0x0c, 256 - 1 - 1 - 4, true);
		};
		const made = makeVolume({ flex: 4, uninitialised: [12], spoil });
		expect(await mapOf(made)).toEqual(sorted(plain));
	});

	test('an uninitialised group whose structures lie in another order', async () => {
		const start = 1 + 6 * 256;
		const spoil = (group: number, descriptor: DataView) => {
			if (group !== 6) return;
			descriptor.setUint32(0x08, start, true);
			descriptor.setUint32(0x04, start + 4, true);
			descriptor.setUint32(0x00, start + 5, true);
		};
		const made = makeVolume({ uninitialised: [6], spoil });
		expect(await mapOf(made)).toEqual(sorted(made));
	});

	test('an uninitialised group that counts fewer free clusters is used as a whole', async () => {
		// As e2fsprogs counts: the structures of groups 13 to 15 included.
		const made = makeVolume({ flex: 4, uninitialised: [12] });
		for (let block = 1 + 12 * 256; block < 1 + 13 * 256; block++) made.used.add(block);
		expect(await mapOf(made)).toEqual(sorted(made));
	});

	test('without descriptor checksums, the flag of an unwritten bitmap means nothing', async () => {
		const spoil = (_: number, descriptor: DataView) => descriptor.setUint16(0x12, 2, true);
		const made = makeVolume({ checksums: 'none', used: [300], spoil });
		expect(await mapOf(made)).toEqual(sorted(made));
	});

	test('block numbers above 2^32', async () => {
		const blocksPerGroup = 8 * 65536;
		const blocks = 2 ** 32 + 70 * blocksPerGroup;
		const made = makeHuge(blocks, blocksPerGroup);
		const found: [number, number][] = [];
		await (await extDriver.open(made, {}))!.collectUsed({
			add: (start, end) => found.push([start / 65536, end / 65536]),
		});
		expect(found).toContainEqual([2 ** 32 + 1000, 2 ** 32 + 1001]);
		expect(Math.max(...found.map(([, end]) => end))).toBe(blocks);
	});
});

/** A volume whose last group keeps its bitmaps and tables far out; every other group is uninitialised. */
function makeHuge(blocks: number, blocksPerGroup: number) {
	const groups = blocks / blocksPerGroup;
	const made = makeVolume({
		blockSize: 65536,
		blocksPerGroup,
		blocks: 4 * blocksPerGroup,
		flex: 4,
		checksums: 'none',
		spoilSuperblock(superblock) {
			superblock.setUint32(0x00, groups * 32, true);
			superblock.setUint32(0x04, blocks % 2 ** 32, true);
			superblock.setUint32(0x150, Math.floor(blocks / 2 ** 32), true);
		},
	});
	return new HugeVolume(made, blocks, groups, blocksPerGroup);
}

/** Gives every group the same full bitmap, at block 2^32 + 1000, by answering reads of the descriptors. */
class HugeVolume {
	readonly size: number;
	readonly #made: MadeVolume;
	readonly #groups: number;
	readonly #bitmap = (2 ** 32 + 1000) * 65536;

	constructor(made: MadeVolume, blocks: number, groups: number, blocksPerGroup: number) {
		this.size = blocks * 65536;
		this.#made = made;
		this.#groups = groups;
		if (groups * blocksPerGroup !== blocks) throw new Error('whole groups only');
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		if (offset === this.#bitmap) {
			target.fill(0xff);
		} else if (offset >= 65536 && offset < 65536 + this.#groups * 64) {
			const view = new DataView(target.buffer, target.byteOffset, target.length);
			for (let at = 0; at < target.length; at += 64) {
				view.setUint32(at, 1000, true);
				view.setUint32(at + 0x20, 1, true);
				view.setUint32(at + 4, 1001, true);
				view.setUint32(at + 0x24, 1, true);
				view.setUint32(at + 8, 1002, true);
				view.setUint32(at + 0x28, 1, true);
			}
		} else {
			await this.#made.volume.read(offset, target);
		}
	}
}

describe('contradictions', () => {
	test("a count of free clusters that is not the bitmap's", async () => {
		const spoil = (group: number, descriptor: DataView) => {
			if (group === 6) descriptor.setUint16(0x0c, descriptor.getUint16(0x0c, true) - 1, true);
		};
		const message =
			/^ext4_group_desc.freeClusters of group 6 at byte 2444: expected 250, as its block bitmap has it, found 249$/;
		expect(await failure(makeVolume({ spoil }))).toMatch(message);
		expect(await failure(makeVolume({ spoil, checksums: 'none' }))).toMatch(message);
		const more = (group: number, descriptor: DataView) => {
			if (group === 6) descriptor.setUint16(0x0c, 251, true);
		};
		expect(await failure(makeVolume({ spoil: more, uninitialised: [6] }))).toMatch(
			/^ext4_group_desc.freeClusters of group 6 at byte 2444: expected at most 250 without a bitmap, found 251$/,
		);
	});

	test("a bitmap that calls its own group's structures free", async () => {
		const made = makeVolume({ checksums: 'none' });
		const bitmap = new Uint8Array(32);
		const at = made.blockBitmaps[4]! * 1024;
		await made.volume.read(at, bitmap);
		// One block freed, another taken: the count stays right.
		bitmap[0]! &= ~2;
		bitmap[20]! |= 1;
		made.volume.write(at, bitmap);
		expect(await failure(made)).toMatch(/^Block bitmap of group 4 at byte \d+: .* found cluster 1 of the group free$/);
	});

	test('checksums of bitmap and descriptor', async () => {
		const made = makeVolume();
		made.volume.write(made.blockBitmaps[2]! * 1024 + 31, Uint8Array.of(0x80));
		expect(await failure(made)).toMatch(
			/^Block bitmap of group 2 at byte \d+: expected checksum 0x[0-9a-f]+, found 0x/,
		);
		for (const checksums of ['crc16', 'crc32c'] as const) {
			const other = makeVolume({ checksums });
			other.volume.write(other.descriptors + 64 * 5 + 0x3f, Uint8Array.of(1));
			expect(await failure(other)).toMatch(/^ext4_group_desc.checksum of group 5 at byte 2398: expected 0x/);
		}
	});

	test.each([
		['blockBitmap', 0x00, 5221],
		['inodeBitmap', 0x04, 0],
		['inodeTable', 0x08, 5218],
	])('%s outside the file system', async (field, offset, block) => {
		for (const flex of [1, 4]) {
			const spoil = (group: number, descriptor: DataView) => {
				if (group === 7) descriptor.setUint32(offset, block, true);
			};
			expect(await failure(makeVolume({ flex, spoil }))).toMatch(
				new RegExp(`^ext4_group_desc.${field} of group 7 at byte \\d+: expected block \\d+ to \\d+, found ${block}$`),
			);
		}
	});

	test('without flex_bg, a bitmap in another group', async () => {
		const spoil = (group: number, descriptor: DataView) => {
			if (group === 7) descriptor.setUint32(0, 100, true);
		};
		expect(await failure(makeVolume({ spoil }))).toMatch(
			/blockBitmap of group 7 at byte 2496: expected block 1793 to 2048, found 100/,
		);
	});
});

describe('reading', () => {
	test('bitmaps that lie together are read together', async () => {
		const made = makeVolume({ flex: 64, blocks: 1 + 60 * 256 });
		const fileSystem = (await extDriver.open(made.volume, {}))!;
		const before = made.volume.reads;
		await fileSystem.collectUsed({ add: () => undefined });
		expect(made.volume.reads - before).toBe(2);
	});

	test('bitmaps far apart are read one by one, without what lies between', async () => {
		const made = makeVolume({ blocksPerGroup: 1024, blocks: 1 + 60 * 1024 });
		const fileSystem = (await extDriver.open(made.volume, {}))!;
		const before = made.volume.bytesRead;
		await fileSystem.collectUsed({ add: () => undefined });
		expect(made.volume.bytesRead - before).toBe(64 * 1024);
	});

	test('an aborted signal ends it', async () => {
		const made = makeVolume();
		const signal = AbortSignal.abort();
		await expect(extDriver.open(made.volume, { signal })).rejects.toMatchObject({ code: 'cancelled' });
		const fileSystem = (await extDriver.open(made.volume, {}))!;
		await expect(fileSystem.collectUsed({ add: () => undefined }, signal)).rejects.toMatchObject({ code: 'cancelled' });
	});
});
