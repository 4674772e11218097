import { expect, test } from 'vitest';
import type { ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { makeKey } from '../../../../src/disk/btrfs/key.ts';
import { NodeCache } from '../../../../src/disk/btrfs/node-cache.ts';
import { NodeReader } from '../../../../src/disk/btrfs/node-reader.ts';
import { mayOwn, type NodeReference } from '../../../../src/disk/btrfs/node-reference.ts';
import { TreeSearch } from '../../../../src/disk/btrfs/search.ts';
import { keyType, objectId } from '../../../../src/disk/btrfs/structures.ts';
import { readChunks } from '../../../../src/disk/btrfs/trees.ts';
import { data, makeSample, node, type Sample } from './sample.ts';

const root: NodeReference = { logical: node.extentRoot, generation: 9, level: 1, owner: objectId.extentTree };

async function searchOf(sample: Sample, source: ByteSource = sample.volume): Promise<TreeSearch> {
	const chunks = await readChunks(source, sample.sb);
	return new TreeSearch(new NodeCache(new NodeReader(source, sample.sb, chunks)));
}

/** Leaf, length of the data and key offset of the items that are found. */
async function keysFrom(search: TreeSearch, id: number, type: number, offset = 0): Promise<string[]> {
	const found: string[] = [];
	for await (const item of search.itemsFrom(root, makeKey(id, type, offset))) {
		found.push(`${item.leaf === node.leaf1 ? 'first' : 'second'} ${item.data.length} ${item.offset}`);
	}
	return found;
}

const first = [
	...Array.from({ length: 2 }, () => 'first 0 0'),
	'first 24 262144',
	...Array.from({ length: 3 }, () => 'first 0 0'),
];
const second = data.map(([, length]) => `second 0 ${length}`);

test('a search begins with the last item that is not after the key', async () => {
	const search = await searchOf(makeSample());
	expect(await keysFrom(search, 0, 0)).toEqual([...first, ...second]);
	expect(await keysFrom(search, node.root, 192, 0x40000)).toEqual([...first.slice(2), ...second]);
	expect(await keysFrom(search, node.root, 192, 0x40001)).toEqual([...first.slice(2), ...second]);
	expect(await keysFrom(search, node.root, 191)).toEqual([...first.slice(1), ...second]);
	// Between the leaves, in the second one, and behind everything; negative ids are the greatest.
	expect(await keysFrom(search, node.leaf2, 255)).toEqual([...first.slice(5), ...second]);
	expect(await keysFrom(search, data[1]![0], keyType.extentItem, data[1]![1])).toEqual(second.slice(1));
	expect(await keysFrom(search, -10, 0)).toEqual(second.slice(2));
});

test('the items of a kind end with the next kind', async () => {
	const search = await searchOf(makeSample());
	const count = async (id: number, type: number, offset: number) => {
		let items = 0;
		for await (const item of search.itemsOf(root, makeKey(id, type, offset))) items += item.data.length + 1;
		return items;
	};
	expect(await count(data[0]![0], keyType.extentItem, 0)).toBe(1);
	expect(await count(data[0]![0], keyType.extentItem, data[0]![1])).toBe(1);
	expect(await count(data[0]![0], keyType.extentItem, data[0]![1] + 1)).toBe(0);
	expect(await count(data[0]![0], keyType.metadataItem, 0)).toBe(0);
});

test('nodes are read once, and again for another reference', async () => {
	const sample = makeSample();
	let reads = 0;
	const search = await searchOf(sample, {
		size: sample.volume.size,
		read: (offset, target) => {
			reads++;
			return sample.volume.read(offset, target);
		},
	});
	const before = reads;
	for (let i = 0; i < 10; i++) await keysFrom(search, 0, 0);
	expect(reads - before).toBe(3);
	const stale = search.itemsFrom({ ...root, generation: 8 }, makeKey(0, 0, 0)).next();
	await expect(stale).rejects.toThrow(/generation at byte .* expected 8, found 9/);
});

test('leaves whose keys do not go on ascending are damage', async () => {
	const sample = makeSample();
	const low = [node.leaf1 - 1, keyType.extentItem, 4096] as const;
	sample.setKey(node.leaf2, 0, low);
	sample.setKey(node.extentRoot, 0, [node.chunk, keyType.metadataItem, 0], 1);
	sample.setKey(node.extentRoot, 1, low, 1);
	sample.seal();
	await expect(keysFrom(await searchOf(sample), 0, 0)).rejects.toThrow(/Btrfs leaf, first key/);
});

test('a root of too many levels is damage', async () => {
	const search = await searchOf(makeSample());
	await expect(search.itemsFrom({ ...root, level: 8 }, makeKey(0, 0, 0)).next()).rejects.toThrow(/level at byte/);
});

test('the second copy of a node is read where the first cannot be', async () => {
	const sample = makeSample();
	const broken = sample.header(node.leaf1, 0).bytes.byteOffset;
	const search = await searchOf(sample, {
		size: sample.volume.size,
		read: async (offset, target) => {
			if (offset === broken) throw new AfterimageError('read-error', 'broken');
			await sample.volume.read(offset, target);
		},
	});
	expect(await keysFrom(search, 0, 0)).toEqual([...first, ...second]);
});

test('trees of files share nodes, the others do not', () => {
	expect([mayOwn(257, 5), mayOwn(5, 300), mayOwn(2, 2)]).toEqual([true, true, true]);
	expect([mayOwn(5, 2), mayOwn(7, 300), mayOwn(4, 5), mayOwn(2, 7)]).toEqual([false, false, false, false]);
});
