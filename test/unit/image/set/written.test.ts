import { describe, expect, it } from 'vitest';
import { reservedRawLength } from '../../../../src/image/index/index-check.ts';
import { partitionLayout, rawLength } from '../../../../src/image/partition-layout.ts';
import { openChain } from '../../../../src/image/set/chain.ts';
import { readMember } from '../../../../src/image/set/scan-folder.ts';
import { fill } from '../arbitrary.ts';
import { backUp, codec, onlySet, type SetKind } from '../backups.ts';
import { expectChain, expectNaive } from '../expect-state.ts';
import { MemoryFolder } from '../memory-folder.ts';
import { disk, errorOf, kind } from '../one-disk.ts';
import { readBack } from '../pieces.ts';

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
