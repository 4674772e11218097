import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { crc32c } from '../../../../src/disk/crc32c.ts';
import * as on from '../../../../src/disk/btrfs/structures.ts';

/** A small Btrfs made by hand: 4 MiB, sectors and nodes of 4 KiB, two doubled chunks and a single one. */
export const deviceSize = 4 << 20;
const nodeSize = 4096;

/** Where logical ranges lie: first logical byte, length, type, places on the device. */
const chunks: readonly { logical: number; length: number; type: number; places: number[] }[] = [
	{ logical: 0x100000, length: 0x80000, type: on.blockGroup.system | on.blockGroup.dup, places: [0x100000, 0x180000] },
	{
		logical: 0x180000,
		length: 0x40000,
		type: on.blockGroup.metadata | on.blockGroup.dup,
		places: [0x200000, 0x240000],
	},
	{ logical: 0x1c0000, length: 0x100000, type: on.blockGroup.data, places: [0x280000] },
];
export const node = {
	chunk: 0x100000,
	root: 0x180000,
	extentRoot: 0x181000,
	leaf1: 0x182000,
	leaf2: 0x183000,
} as const;
/** Data extents: the first two touch. */
export const data: readonly (readonly [logical: number, length: number])[] = [
	[0x1c0000, 0x10000],
	[0x1d0000, 0x2000],
	[0x1e0000, 0x1000],
];
const fsid = Uint8Array.from({ length: 16 }, (_, i) => 0xb0 + i);
const devUuid = Uint8Array.from({ length: 16 }, (_, i) => 0xd0 + i);
const generation = 9;

export type Key = readonly [objectid: number, type: number, offset: number];

export interface Sample {
	readonly volume: MemoryBytes;
	readonly sb: InstanceType<typeof on.Superblock>;
	/** The first copy of a node, or another. */
	readonly header: (logical: number, copy?: number) => InstanceType<typeof on.NodeHeader>;
	readonly item: (logical: number, index: number) => InstanceType<typeof on.Item>;
	readonly pointer: (logical: number, index: number) => InstanceType<typeof on.KeyPointer>;
	readonly setKey: (logical: number, index: number, key: Key, level?: number) => void;
	/** Bytes of all structures with a checksum. */
	readonly sealed: readonly { readonly start: number; readonly length: number }[];
	/** Makes the second copies of nodes like the first ones, and all checksums right. */
	readonly seal: () => void;
	/** Makes all checksums right, each copy for itself. */
	readonly checksums: () => void;
}

export function makeSample(): Sample {
	const bytes = new Uint8Array(deviceSize);
	const view = new DataView(bytes.buffer);
	const places = (logical: number) => {
		const chunk = chunks.find((one) => logical >= one.logical && logical < one.logical + one.length)!;
		return chunk.places.map((place) => place + logical - chunk.logical);
	};
	const at = (logical: number, copy = 0) => places(logical)[copy]!;
	const header = (logical: number, copy = 0) => new on.NodeHeader(bytes, at(logical, copy));
	const entry = (logical: number, index: number, size: number) => at(logical) + on.NodeHeader.size + index * size;
	const item = (logical: number, index: number) => new on.Item(bytes, entry(logical, index, on.Item.size));
	const pointer = (logical: number, index: number) =>
		new on.KeyPointer(bytes, entry(logical, index, on.KeyPointer.size));
	const writeKey = (to: number, [objectid, type, offset]: Key) => {
		view.setBigUint64(to, BigInt(objectid), true);
		view.setUint8(to + 8, type);
		view.setBigUint64(to + 9, BigInt(offset), true);
	};
	const setKey = (logical: number, index: number, key: Key, level = 0) =>
		writeKey(entry(logical, index, level === 0 ? on.Item.size : on.KeyPointer.size), key);
	const makeNode = (logical: number, owner: number, level: number, nritems: number) =>
		Object.assign(header(logical), { fsid, bytenr: logical, generation, owner, level, nritems });
	const makeLeaf = (logical: number, owner: number, items: readonly { key: Key; data: Uint8Array }[]) => {
		makeNode(logical, owner, 0, items.length);
		let end = nodeSize - on.NodeHeader.size;
		items.forEach(({ key, data }, i) => {
			setKey(logical, i, key);
			end -= data.length;
			Object.assign(item(logical, i), { offset: end, size: data.length });
			bytes.set(data, at(logical) + on.NodeHeader.size + end);
		});
	};

	const sb = new on.Superblock(bytes, on.superblockOffset);
	Object.assign(sb, { fsid, devUuid, bytenr: on.superblockOffset, magic: Buffer.from(on.superblockMagic), generation });
	Object.assign(sb, {
		root: node.root,
		chunkRoot: node.chunk,
		chunkRootGeneration: generation,
		devid: 1,
		numDevices: 1,
	});
	Object.assign(sb, { totalBytes: deviceSize, devTotalBytes: deviceSize, sectorsize: 4096, nodesize: nodeSize });
	Object.assign(sb, { incompatFlags: 0x341, label: Buffer.from('sample'.padEnd(256, '\0')) });
	sb.bytesUsed = 5 * nodeSize + data.reduce((sum, [, length]) => sum + length, 0);

	const chunkItems = chunks.map((chunk) => {
		const value = new Uint8Array(on.Chunk.size + chunk.places.length * on.Stripe.size);
		const fields = {
			length: chunk.length,
			owner: 2,
			stripeLen: 65536,
			type: chunk.type,
			numStripes: chunk.places.length,
		};
		Object.assign(new on.Chunk(value), fields);
		chunk.places.forEach((offset, i) =>
			Object.assign(new on.Stripe(value, on.Chunk.size + i * on.Stripe.size), { devid: 1, offset }),
		);
		return { key: [on.objectId.firstChunk, on.keyType.chunkItem, chunk.logical] as const, data: value };
	});
	writeKey(on.superblockOffset + on.Superblock.offset.sysChunkArray, chunkItems[0]!.key);
	sb.sysChunkArray.set(chunkItems[0]!.data, 17);
	sb.sysChunkArraySize = 17 + chunkItems[0]!.data.length;
	makeLeaf(node.chunk, on.objectId.chunkTree, [{ key: [1, 216, 1], data: new Uint8Array(98) }, ...chunkItems]);

	const rootItem = new Uint8Array(439);
	Object.assign(new on.RootItem(rootItem), { generation, bytenr: node.extentRoot, level: 1 });
	makeLeaf(node.root, on.objectId.rootTree, [
		{ key: [on.objectId.extentTree, on.keyType.rootItem, 0], data: rootItem },
	]);

	const empty = new Uint8Array(0);
	const nodes = Object.values(node).map((logical) => ({
		key: [logical, on.keyType.metadataItem, 0] as const,
		data: empty,
	}));
	const group = { key: [0x180000, 192, 0x40000] as const, data: new Uint8Array(24) };
	makeLeaf(node.leaf1, on.objectId.extentTree, [...nodes.slice(0, 2), group, ...nodes.slice(2)]);
	const extents = data.map(([logical, length]) => ({
		key: [logical, on.keyType.extentItem, length] as const,
		data: empty,
	}));
	makeLeaf(node.leaf2, on.objectId.extentTree, extents);
	makeNode(node.extentRoot, on.objectId.extentTree, 1, 2);
	[node.leaf1, node.leaf2].forEach((blockptr, i) => {
		setKey(node.extentRoot, i, i === 0 ? nodes[0]!.key : extents[0]!.key, 1);
		Object.assign(pointer(node.extentRoot, i), { blockptr, generation });
	});

	const sealed = [
		{ start: on.superblockOffset, length: on.superblockSize },
		...Object.values(node).flatMap((logical) => places(logical).map((start) => ({ start, length: nodeSize }))),
	];
	const checksums = () => {
		for (const { start, length } of sealed) {
			view.setUint32(start, ~crc32c(0xffffffff, bytes, start + on.checksumSize, start + length), true);
		}
	};
	const seal = () => {
		for (const logical of Object.values(node)) bytes.copyWithin(at(logical, 1), at(logical), at(logical) + nodeSize);
		checksums();
	};
	seal();
	return { volume: new MemoryBytes(bytes), sb, header, item, pointer, setKey, sealed, seal, checksums };
}
