import { readFile } from 'node:fs/promises';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { checksumMatches } from '../../../../src/disk/btrfs/checksum.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { Item, NodeHeader, checksumSize } from '../../../../src/disk/btrfs/structures.ts';
import { readSuperblock, type BtrfsSuperblock } from '../../../../src/disk/btrfs/superblock.ts';
import type { FileTree } from '../../../../src/disk/files.ts';
import { crc32c } from '../../../../src/disk/crc32c.ts';
import { decompressors } from '../../../support/walk-tree.ts';

/** A node of a tree as it lies in the image: its first byte there. */
export interface EditableNode {
	readonly at: number;
	readonly header: InstanceType<typeof NodeHeader>;
}

/** An item of a leaf. */
export interface EditableItem {
	readonly node: EditableNode;
	/** Its key: object id, type, offset. */
	readonly key: DataView;
	readonly id: number;
	readonly type: number;
	readonly data: DataView;
}

/** The image of a file system (crc32c) in memory, with one copy of its metadata, to be changed. */
export class EditableImage {
	readonly bytes: Uint8Array;
	readonly sb: BtrfsSuperblock;
	/** The nodes that a walk reads. */
	nodes: readonly EditableNode[];
	readonly #saved = new Map<number, Uint8Array>();

	private constructor(bytes: Uint8Array, sb: BtrfsSuperblock) {
		this.bytes = bytes;
		this.sb = sb;
		this.nodes = this.#findNodes();
	}

	/** @param walk that reads everything */
	static async read(path: string, walk: (tree: FileTree) => Promise<unknown>): Promise<EditableImage> {
		const bytes = new Uint8Array(await readFile(path));
		const image = new EditableImage(bytes, (await readSuperblock(new MemoryBytes(bytes)))!);
		const read = new Set(await image.placesRead(walk));
		image.nodes = image.nodes.filter(({ at }) => read.has(at));
		return image;
	}

	/** Whatever looks like a node, by its own checksum and UUID; of old transactions too. */
	#findNodes(): EditableNode[] {
		const nodes: EditableNode[] = [];
		const { nodesize, csumType, fsid } = this.sb;
		for (let at = 0x10_0000; at + nodesize <= this.bytes.length; at += 4096) {
			const header = new NodeHeader(this.bytes, at);
			if (Buffer.compare(header.fsid, fsid) !== 0) continue;
			if (checksumMatches(csumType, this.bytes.subarray(at, at + nodesize))) nodes.push({ at, header });
		}
		return nodes;
	}

	/** All items of one type in the leaves of a tree. */
	items(owner: number, type: number): EditableItem[] {
		return this.nodes
			.filter(({ at, header }) => {
				// Not by its getter: the owner of a tree that is being moved has all bits.
				const found = new DataView(this.bytes.buffer).getBigUint64(at + NodeHeader.offset.owner, true);
				return found === BigInt(owner) && header.level === 0;
			})
			.flatMap((node) =>
				Array.from({ length: node.header.nritems }, (_, i) => {
					const entry = node.at + NodeHeader.size + i * Item.size;
					const item = new Item(this.bytes, entry);
					return {
						node,
						key: new DataView(this.bytes.buffer, entry, 17),
						id: Number(new DataView(this.bytes.buffer).getBigInt64(entry, true)),
						type: item.type,
						data: new DataView(this.bytes.buffer, node.at + NodeHeader.size + item.offset, item.size),
					};
				}),
			)
			.filter((item) => item.type === type);
	}

	/** Keeps a node as it is, for {@link restore}. */
	save({ at }: EditableNode): void {
		if (!this.#saved.has(at)) this.#saved.set(at, this.bytes.slice(at, at + this.sb.nodesize));
	}

	/** Makes the checksum of a node right. */
	seal({ at }: EditableNode): void {
		const sum = ~crc32c(0xffffffff, this.bytes, at + checksumSize, at + this.sb.nodesize);
		new DataView(this.bytes.buffer).setInt32(at, sum, true);
	}

	/** Undoes what was done to the nodes that were saved. */
	restore(): void {
		for (const [at, bytes] of this.#saved) this.bytes.set(bytes, at);
		this.#saved.clear();
	}

	/** Its files; a number of reads that no sound walk needs is an error that is not ours. */
	async open(onRead?: (offset: number, length: number) => void): Promise<FileTree> {
		let left = 20_000;
		const whole = new MemoryBytes(this.bytes);
		const source = {
			size: whole.size,
			read: (offset: number, target: Uint8Array) => {
				if (--left < 0) throw new Error('too many reads');
				onRead?.(offset, target.length);
				return whole.read(offset, target);
			},
		};
		return (await btrfsDriver.open(source, {}))!.openFiles!({ decompressors });
	}

	/** Which blocks of 4 KiB a walk reads, in ascending order. */
	async placesRead(walk: (tree: FileTree) => Promise<unknown>): Promise<number[]> {
		const places = new Set<number>();
		const add = (offset: number, length: number) => {
			for (let at = offset; at < offset + length; at += 4096) places.add(at);
		};
		await walk(await this.open(add));
		return [...places].sort((a, b) => a - b);
	}
}
