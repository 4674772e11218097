import type { ByteSource } from '../../../base/bytes.ts';
import { readBytes } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { crc32c } from '../../crc32c.ts';
import { AttributeList, type ExtendedAttribute } from '../../files/extended-attributes.ts';
import { accessListNames } from '../../files/posix-acl.ts';
import type { Geometry } from '../geometry.ts';
import { accessList } from './access-list.ts';
import { attributeEntries, type StoredAttribute } from './attribute-entries.ts';
import { openContent } from './content/content.ts';
import { checkBlocks } from './content/content-map.ts';
import { AttributeBlock, attributeMagic, InodeBase } from './file-structures.ts';
import { attributesHeader, type Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';
import { Recent } from './recent.ts';

/** Blocks of attributes that are kept: files with the same attributes share one. */
const keptBlocks = 32;

/** `EXT4_XATTR_INDEX_…`; those of access lists stand for whole names. What is the file system's own is none of a file's. */
const namespaces: ReadonlyMap<number, string> = new Map([
	[1, 'user.'],
	[2, accessListNames.access],
	[3, accessListNames.default],
	[4, 'trusted.'],
	[6, 'security.'],
]);

/** Reads what files have beside their contents: in their inodes, in a block, and in inodes that hold one value each. */
export class Attributes {
	readonly #volume: ByteSource;
	readonly #geometry: Geometry;
	readonly #inodes: InodeTable;
	readonly #blocks: Recent<readonly StoredAttribute[]>;

	constructor(volume: ByteSource, geometry: Geometry, inodes: InodeTable) {
		this.#volume = volume;
		this.#geometry = geometry;
		this.#inodes = inodes;
		this.#blocks = new Recent(keptBlocks, (block) => this.#readBlock(block));
	}

	/** @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`; `not-supported` for too many */
	async of(inode: Inode, signal?: AbortSignal): Promise<readonly ExtendedAttribute[]> {
		const what = `inode ${inode.number}`;
		const list = new AttributeList(what);
		const { tail, tailPosition, attributeBlock } = inode;
		const stored =
			tail.length === 0 ? [] : attributeEntries(tail, attributesHeader, attributesHeader, what, tailPosition);
		if (attributeBlock !== 0) {
			const at = inode.position + InodeBase.offset.attributesLow;
			checkBlocks(this.#geometry, attributeBlock, 1, `Block of attributes of ${what}`, at);
			stored.push(...(await this.#blocks.get(attributeBlock)));
		}
		for (const one of stored) {
			const namespace = namespaces.get(one.nameIndex);
			if (namespace === undefined) continue;
			const value = await this.#value(one, inode, signal);
			if (namespace.endsWith('.')) list.add(namespace, one.name, value, one.at);
			else list.add(namespace, one.name, accessList(value, `Access list of ${what}`, one.at), one.at);
		}
		return list.found;
	}

	async #readBlock(block: number): Promise<readonly StoredAttribute[]> {
		const { blockSize, checksums } = this.#geometry;
		const position = block * blockSize;
		const bytes = await readBytes(this.#volume, position, blockSize);
		const header = new AttributeBlock(bytes);
		const check = (field: keyof typeof AttributeBlock.offset, expected: number) => {
			const at = position + AttributeBlock.offset[field];
			const found = header[field];
			if (found !== expected) throw damaged('structure-damaged', `ext4_xattr_header.${field}`, at, expected, found);
		};
		check('magic', attributeMagic);
		check('blocks', 1);
		if (checksums.kind === 'crc32c') check('checksum', blockChecksum(checksums.seed, block, bytes));
		return attributeEntries(bytes, AttributeBlock.size, 0, `block ${block}`, position);
	}

	async #value({ value, at }: StoredAttribute, owner: Inode, signal?: AbortSignal): Promise<Uint8Array> {
		if (value instanceof Uint8Array) return value;
		const holder = await this.#inodes.readAttributeInode(value.inode, signal);
		const fail = (expected: string | number, found: string | number) =>
			damaged('structure-damaged', `Value of an attribute in inode ${value.inode}`, at, expected, found);
		if (holder.size !== value.size) throw fail(`${value.size} bytes`, holder.size);
		const bytes = await readBytes(openContent(this.#volume, this.#geometry, holder), 0, holder.size);
		const { kind, seed } = this.#geometry.checksums;
		// Lustre's inodes of one owner alone keep who that is where those that are shared keep a hash.
		const ofLustre = holder.modifiedSeconds === owner.number && holder.generation === owner.generation;
		if (kind !== 'crc32c' || ofLustre) return bytes;
		const real = crc32c(seed, bytes);
		if (real !== holder.accessedSeconds)
			throw fail(`hash 0x${real.toString(16)}`, `0x${holder.accessedSeconds.toString(16)}`);
		return bytes;
	}
}

const number = new Uint8Array(8);
const zeros = new Uint8Array(4);

/** `h_checksum`: number of the block, and the block with zeros in place of the field (`ext4_xattr_block_csum`). */
export function blockChecksum(seed: number, block: number, bytes: Uint8Array): number {
	new DataView(number.buffer).setBigUint64(0, BigInt(block), true);
	const field = AttributeBlock.offset.checksum;
	const state = crc32c(crc32c(crc32c(seed, number), bytes, 0, field), zeros);
	return crc32c(state, bytes, field + zeros.length);
}
