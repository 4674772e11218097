import { describe, expect, it } from 'vitest';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { checkIndex, checkReserved, fileLimits, maxStoredLength } from '../../../../src/image/index/index-check.ts';
import { planMerge } from '../../../../src/image/merge/plan.ts';
import { prepareMerge } from '../../../../src/image/merge/prepare.ts';
import { openChain } from '../../../../src/image/set/chain.ts';
import { fill } from '../arbitrary.ts';
import { backUp, codec, onlySet } from '../backups.ts';
import { MemoryFolder } from '../memory-folder.ts';
import { disk, errorOf, kind } from '../one-disk.ts';

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
