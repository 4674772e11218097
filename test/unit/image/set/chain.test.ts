import { describe, expect, it } from 'vitest';
import { isAfterimageError, type AfterimageError } from '../../../../src/base/errors.ts';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { openChain, openIndexes } from '../../../../src/image/set/chain.ts';
import type { ImageFolder } from '../../../../src/image/set/image-folder.ts';
import {
	checkIndex,
	checkReserved,
	fileLimits,
	maxStoredLength,
	reservedRawLength,
} from '../../../../src/image/index/index-check.ts';
import { planMerge } from '../../../../src/image/merge/plan.ts';
import { prepareMerge } from '../../../../src/image/merge/prepare.ts';
import { writeMerge } from '../../../../src/image/merge/write.ts';
import { partitionLayout, rawLength } from '../../../../src/image/partition-layout.ts';
import { readTail } from '../../../../src/image/reader.ts';
import { readMember, scanFolder } from '../../../../src/image/set/scan-folder.ts';
import { WindowSource } from '../../../../src/image/window-source.ts';
import { fill } from '../arbitrary.ts';
import { backUp, codec, onlySet, type ModelDisk, type SetKind } from '../backups.ts';
import { expectChain, expectNaive } from '../expect-state.ts';
import { MemoryFolder } from '../memory-folder.ts';
import { moverIn, readBack } from '../pieces.ts';

const kind: SetKind = { imageid: '0123456789ABCDEF', compression: 'medium', aes: 'none', password: 'secret' };

function disk(content: Uint8Array, used: number[], reserved = 0): ModelDisk {
	return {
		number: 2,
		format: 'gpt',
		signature: 'ABCDEF01',
		track0: fill(1024, 1),
		ept: [],
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved, used: new Set(used) }],
	};
}

async function errorOf(run: () => unknown): Promise<AfterimageError> {
	try {
		await run();
	} catch (error) {
		if (isAfterimageError(error)) return error;
		throw error;
	}
	throw new Error('nothing thrown');
}

describe('elements of an index', () => {
	async function setup() {
		const folder = new MemoryFolder();
		await backUp(folder, kind, 'full', [disk(fill(20000, 1), [0, 1, 4])]);
		const set = await onlySet(folder);
		const point = set.points[0]!;
		expect(point.member.dataEnd).toBe(point.member.header.index_file_position);
		const chain = await openChain(folder, set, point, { codec });
		const { index, layout } = await chain.resolve(0, 0);
		return { index, layout, limits: fileLimits(set, point.member), dataEnd: point.member.dataEnd };
	}
	const md5 = new Uint8Array(16);

	it('must lie in the data area of a file', async () => {
		const { index, layout, limits, dataEnd } = await setup();
		index.set(2, dataEnd - 9, md5, 0, 10, 0);
		const error = await errorOf(() => checkIndex(index, layout, limits));
		expect(error.code).toBe('image-damaged');
		expect(error.message).toMatch(`Block 2 at byte 60: expected an end of at most ${dataEnd}, found ${dataEnd + 1}`);
		index.set(2, dataEnd - 10, md5, 0, 10, 0);
		expect(() => checkIndex(index, layout, limits)).not.toThrow();
		for (const beyond of [2 ** 53 - 1, 2 ** 32]) {
			index.set(2, beyond, md5, 0, 10, 0);
			expect((await errorOf(() => checkIndex(index, layout, limits))).code).toBe('image-damaged');
		}
	});

	it('must not be longer than a stored block can be', async () => {
		const { index, layout, limits } = await setup();
		limits.ends[0] = 1e9;
		expect([1, 4096, 65536].map(maxStoredLength)).toEqual([4098, 8224, 70144]);
		index.set(2, 0, md5, 0, maxStoredLength(4096) + 1, 0);
		expect((await errorOf(() => checkIndex(index, layout, limits))).message).toMatch(/Block 2 .* stored bytes, found/);
		index.set(2, 0, md5, 0, maxStoredLength(4096), 0);
		expect(() => checkIndex(index, layout, limits)).not.toThrow();
	});

	it('must not lie behind the end of the partition', async () => {
		const { layout, limits } = await setup();
		const longer = new BlockIndex(10);
		longer.set(5, 0, md5, 0, 10, 0);
		expect((await errorOf(() => checkIndex(longer, layout, limits))).message).toMatch(
			/Block 5 .*behind the last block/,
		);
		const large = new BlockIndex(100);
		large.set(69, 0, md5, 0, 10, 0);
		expect(() => checkIndex(large, { ...layout, usableBlocks: 70 }, limits)).not.toThrow();
		large.set(70, 0, md5, 0, 10, 0);
		expect((await errorOf(() => checkIndex(large, { ...layout, usableBlocks: 70 }, limits))).message).toMatch(
			/Block 70 at byte 2100/,
		);
	});

	it('must name files that are there', async () => {
		const { index, layout, limits } = await setup();
		index.set(2, 0, md5, 0, 10, 7);
		const error = await errorOf(() => checkIndex(index, layout, limits));
		expect([error.code, error.message]).toEqual([
			'file-missing',
			expect.stringMatching(/-00-00\.mrimgx needs the file with number 7$/),
		]);
	});

	it('must be there, every one, for reserved sectors', async () => {
		const { layout, limits, dataEnd } = await setup();
		const fat = { ...layout, reservedLength: 5000 };
		expect((await errorOf(() => checkReserved(new BlockIndex(0), fat, limits))).message).toMatch(
			/reserved blocks for 5000/,
		);
		expect((await errorOf(() => checkReserved(new BlockIndex(1), fat, limits))).message).toMatch(
			/Reserved block 0 .*hole/,
		);
		expect((await errorOf(() => checkReserved(new BlockIndex(1), layout, limits))).code).toBe('image-damaged');
		const one = new BlockIndex(1);
		one.set(0, 0, md5, 0, 10, 0);
		expect(() => checkReserved(one, fat, limits)).not.toThrow();
		one.set(0, dataEnd, md5, 0, 10, 0);
		expect((await errorOf(() => checkReserved(one, fat, limits))).message).toMatch(/Reserved block 0 .*end of at most/);
	});
});

describe('a chain', () => {
	it('names the file that it lacks', async () => {
		const folder = new MemoryFolder();
		for (const [i, type] of (['full', 'inc', 'inc', 'inc'] as const).entries())
			await backUp(folder, kind, type, [disk(fill(20000, i), [0, 1])]);
		folder.files.delete('0123456789ABCDEF-02-02.mrimgx');
		const set = await onlySet(folder);
		const error = await errorOf(() => openChain(folder, set, set.points.at(-1)!, { codec }));
		expect(error.code).toBe('file-missing');
		expect(error.message).toMatch(/-03-03\.mrimgx needs 0123456789ABCDEF-02-02\.mrimgx/);
		await openChain(folder, set, set.points[1]!, { codec });
	});

	it('refuses files that do not pair', async () => {
		const folder = new MemoryFolder();
		const one = disk(fill(20000, 1), [0]);
		await backUp(folder, kind, 'full', [one]);
		await backUp(folder, kind, 'inc', [one]);
		const other = new MemoryFolder();
		await backUp(other, kind, 'full', [{ ...one, partitions: [one.partitions[0]!, one.partitions[0]!] }]);
		folder.files.set('0123456789ABCDEF-00-00.mrimgx', other.files.get('0123456789ABCDEF-00-00.mrimgx')!);
		const set = await onlySet(folder);
		const error = await errorOf(() => openChain(folder, set, set.points[1]!, { codec }));
		expect(error.message).toMatch(/-00-00\.mrimgx: expected the partitions of .*-01-01\.mrimgx \(1 by disk\), found 2/);
	});

	it('needs a complete index to begin with', async () => {
		const folder = new MemoryFolder();
		for (const type of ['full', 'inc'] as const) await backUp(folder, kind, type, [disk(fill(20000, 1), [0])]);
		const set = await onlySet(folder);
		const point = set.points[1]!;
		const chain = await openChain(folder, set, point, { codec });
		await expect(chain.resolve(0, 1)).rejects.toThrow('No partition 1 on disk 0');
		const error = await errorOf(() => openChain(folder, { ...set, points: [point] }, point, { codec }));
		expect(error.message).toMatch(/-01-01\.mrimgx: the set has no complete index before it/);
	});

	it('closes every file that it opened', async () => {
		const folder = new MemoryFolder();
		for (const type of ['full', 'inc'] as const) await backUp(folder, kind, type, [disk(fill(20000, 1), [0])]);
		let open = 0;
		const counting: ImageFolder = {
			list: () => folder.list(),
			tail: (name, length) => folder.tail(name, length),
			pathOf: (name) => folder.pathOf(name),
			async open(name) {
				const file = await folder.open(name);
				open++;
				return { ...file, close: async () => void open-- };
			},
		};
		const set = await onlySet(folder);
		const point = set.points[1]!;
		const indexes = await openIndexes(counting, set, point, { codec });
		await indexes.resolve(0, 0);
		expect(open).toBe(0);
		const lacking = { ...point, missing: [{ fileNumber: 0, name: 'x', damaged: undefined }] };
		expect((await errorOf(() => openIndexes(counting, set, lacking, { codec }))).code).toBe('file-missing');
		await (await openChain(counting, set, point, { codec })).resolve(0, 0);
		expect(open).toBe(0);
	});

	it('asks for the password', async () => {
		const folder = new MemoryFolder();
		const secret: SetKind = { ...kind, aes: 'aes-256' };
		await backUp(folder, secret, 'full', [disk(fill(20000, 1), [0])]);
		const set = await onlySet(folder);
		const open = (password?: string) => openChain(folder, set, set.points[0]!, { codec, password });
		expect((await errorOf(() => open())).code).toBe('password-needed');
		expect((await errorOf(() => open('other'))).code).toBe('wrong-password');
		expect((await open('secret')).key).toHaveLength(32);
	});

	it('stops when it is told to', async () => {
		const folder = new MemoryFolder();
		await backUp(folder, kind, 'full', [disk(fill(20000, 1), [0])]);
		const set = await onlySet(folder);
		const chain = await openChain(folder, set, set.points[0]!, { codec });
		expect((await errorOf(() => chain.resolve(0, 0, AbortSignal.abort()))).code).toBe('cancelled');
		expect((await errorOf(() => scanFolder(folder, { codec }, AbortSignal.abort()))).code).toBe('cancelled');
	});
});

it('checks reserved blocks before they are read or merged', async () => {
	const folder = new MemoryFolder();
	for (const type of ['full', 'inc'] as const) await backUp(folder, kind, type, [disk(fill(20000, 1), [], 5000)]);
	const set = await onlySet(folder);
	const cut = { ...set, members: set.members.map((member) => ({ ...member, dataEnd: 1 })) };
	const damage = /Reserved block 0 .*end of at most 1/;
	const chain = await openChain(folder, cut, cut.points[0]!, { codec });
	expect((await errorOf(() => chain.resolve(0, 0))).message).toMatch(damage);
	const [step] = planMerge(set, 0, 1, []).steps;
	expect((await errorOf(() => prepareMerge(folder, cut, step!, { codec }))).message).toMatch(damage);
});

it.each(['none', 'medium'] as const)('keeps reserved sectors of more than one block (%s)', async (compression) => {
	const size = 9 * 1024 * 1024;
	const content = fill(size + 40960, 1);
	const fat = (seed: number) => {
		const changed = content.slice();
		changed.set(fill(4096, seed), 5 * 1024 * 1024);
		return [disk(changed, [1, 2, 9], size)];
	};
	const large: SetKind = { ...kind, compression, aes: 'aes-128', keepReserved: true };
	const folder = new MemoryFolder();
	await backUp(folder, large, 'full', fat(2));
	await backUp(folder, large, 'inc', fat(5));
	const set = await onlySet(folder);
	expect(set.members[1]!.dataEnd).toBeLessThan(5 * 1024 * 1024);
	for (const [i, point] of set.points.entries()) expectNaive(folder, point.member.name, fat(i === 0 ? 2 : 5), 'secret');
});

it('merges blocks that share their stored bytes', async () => {
	const folder = new MemoryFolder();
	const plain: SetKind = { ...kind, compression: 'none' };
	const same = [disk(new Uint8Array(5 * 4096).fill(8), [0, 1, 2, 3])];
	const later = [disk(fill(5 * 4096, 1), [0, 1, 2, 3, 4])];
	later[0]!.partitions[0]!.content.fill(8, 0, 4 * 4096);
	await backUp(folder, plain, 'full', same);
	await backUp(folder, plain, 'inc', later);
	// Let all four blocks of the full point at the first one's bytes.
	const full = Buffer.from(folder.files.get('0123456789ABCDEF-00-00.mrimgx')!);
	const index = full.indexOf('$INDEX  ');
	for (let i = 1; i < 4; i++) full.copy(full, index + 32 + 8 + 30 * i, index + 40, index + 48);
	const { createHash } = await import('node:crypto');
	const payload = full.subarray(index + 32, index + 32 + full.readUInt32LE(index + 8));
	full.set(createHash('md5').update(payload).digest(), index + 12);
	folder.files.set('0123456789ABCDEF-00-00.mrimgx', full);
	expectNaive(folder, '0123456789ABCDEF-01-01.mrimgx', later, '');
	const set = await onlySet(folder);
	const prepared = await prepareMerge(folder, set, planMerge(set, 0, 1, []).steps[0]!, { codec });
	expect(prepared.movedBytes).toBe(2 * 4096);
	const [before, tail] = [set.members[0]!.size + set.members[1]!.size, 2 * 4 + 5 * 30];
	expect(prepared.reclaimedBytes).toBe(before - 2 * 4096 - tail);
	expect(prepared.manifest.disks[0]!.partitions[0]!._header.block_count).toBe(5);
	const { sink } = await folder.output(() => 'x').begin(0);
	await writeMerge(prepared, moverIn(folder, sink), sink, codec);
	const merged = new MemoryFolder();
	merged.files.set('0123456789ABCDEF-00-00.mrimgx', folder.files.get('x')!);
	expectNaive(merged, '0123456789ABCDEF-00-00.mrimgx', later, '');
});

describe('what was written', () => {
	it('is compared with what the medium gives back', async () => {
		const folder = new MemoryFolder();
		const [file] = await backUp(folder, kind, 'full', [disk(fill(20000, 1), [0])]);
		const [name] = folder.files.keys();
		await readBack(folder, name!, file!);
		const bytes = folder.files.get(name!)!;
		bytes[file!.dataEnd - 1]! ^= 1;
		expect((await errorOf(() => readBack(folder, name!, file!))).message).toMatch(/Blocks of .* at byte/);
		bytes[file!.dataEnd - 1]! ^= 1;
		bytes[bytes.length - 30]! ^= 1;
		expect((await errorOf(() => readBack(folder, name!, file!))).message).toMatch(/Metadata of .* at byte/);
		folder.files.set(name!, bytes.subarray(0, bytes.length - 1));
		expect((await errorOf(() => readBack(folder, name!, file!))).message).toMatch(/Size of/);
	});

	it('keeps to the size of a split file and to its numbers', async () => {
		const folder = new MemoryFolder();
		const state = [
			disk(
				fill(40 * 4096, 1),
				Array.from({ length: 40 }, (_, i) => i),
			),
		];
		await backUp(folder, { ...kind, compression: 'none', splitSize: 40000 }, 'full', state);
		expect(folder.files.size).toBeGreaterThan(4);
		for (const [name, bytes] of folder.files) expect([name, bytes.length <= 40000]).toEqual([name, true]);
		const names = [...folder.files.keys()];
		expect(names.slice(0, 2)).toEqual(['0123456789ABCDEF-00-00.mrimgx', '0123456789ABCDEF-00-01.mrimgx']);
		const last = await readMember(folder, names.at(-1)!, { codec });
		expect([last.header.split_file, last.history.size]).toEqual([false, names.length]);
		const first = await readMember(folder, names[0]!, { codec });
		expect([first.header.split_file, first.history.size]).toEqual([true, 1]);
		const set = await onlySet(folder);
		await expectChain(folder, await openChain(folder, set, set.points[0]!, { codec }), state);
	});

	it('has a short last block', () => {
		const layout = { ...partitionLayoutOf(10000), blockSize: 4096 };
		expect([0, 1, 2, 3].map((block) => rawLength(layout, block))).toEqual([4096, 4096, 1808, 0]);
		const fat = partitionLayoutOf(3 * 4096 + 10, 1000);
		expect(fat).toMatchObject({ blockStart: 1000, blockLength: 11_298, blockCount: 4, usableBlocks: 3 });
		expect([0, 2, 3].map((block) => rawLength(fat, block))).toEqual([4096, 3106, 0]);
		const reserved = { ...layout, reservedLength: 5 * 1024 * 1024 + 1 };
		expect([0, 1, 2].map((block) => reservedRawLength(reserved, block))).toEqual([2 ** 22, 2 ** 20 + 1, 0]);
	});
});

function partitionLayoutOf(length: number, reserved = 0) {
	return partitionLayout({
		_geometry: { start: 0, length, end: length - 1, boot_sector_offset: 0 },
		_file_system: { start: 0, lcn0_offset: reserved, reserved_sectors_byte_length: reserved },
		_header: { block_size: 4096 },
	} as never);
}

it('reads through a window what it would read without one', async () => {
	const bytes = fill(300000, 1);
	const folder = new MemoryFolder();
	folder.files.set('a', bytes);
	const source = new WindowSource(await folder.open('a'));
	for (const [offset, length] of [
		[299980, 20],
		[250000, 32],
		[10, 65536],
		[250100, 32],
		[0, 300000],
		[64 * 1024 - 5, 10],
	] as const) {
		const target = new Uint8Array(length);
		await source.read(offset, target);
		expect(Buffer.compare(target, bytes.subarray(offset, offset + length))).toBe(0);
	}
	expect((await errorOf(() => source.read(299981, new Uint8Array(20)))).code).toBe('read-error');
	expect((await errorOf(() => readTail(source, { codec }))).code).toBe('image-damaged');
});
