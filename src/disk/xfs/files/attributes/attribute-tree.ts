import type { ByteSource } from '../../../../base/bytes.ts';
import { readBytes } from '../../../../base/bytes.ts';
import { damaged } from '../../../../base/errors.ts';
import type { Geometry } from '../../geometry.ts';
import { checkSelfDescription } from '../../self-describing.ts';
import { AttributeBlock, attributeHeader4, AttributeValueBlock, magic } from '../../structures.ts';
import { leafAttributes } from './attribute-leaf.ts';
import type { ExtentList } from '../extent-list.ts';
import { ExtentSource } from '../extent-source.ts';
import { readFileExtents } from '../file-extents.ts';
import type { Fork, Inode } from '../inode.ts';
import type { StoredAttribute } from './stored-attribute.ts';

/** Number of entries and level, behind what begins every block; then, aligned to 8 in version 5, the entries. */
const nodeHeader = 4;
const padding5 = 4;
/** Hash value and block; the block alone is of use here. */
const nodeEntrySize = 8;
const blockOfEntry = 4;

/** `XFS_DA_NODE_MAXDEPTH`. */
const maxLevels = 5;

/** The attributes of an inode that have blocks of their own: a tree by hash values, and long values between its blocks. */
export class AttributeTree {
	readonly #geometry: Geometry;
	readonly #inode: Inode;
	readonly #extents: ExtentList;
	readonly #source: ByteSource;
	readonly #what: string;

	/** @throws AfterimageError `structure-damaged`, `read-error`, `cancelled` */
	static async open(geometry: Geometry, inode: Inode, fork: Fork, signal?: AbortSignal): Promise<AttributeTree> {
		return new AttributeTree(
			geometry,
			inode,
			await readFileExtents(geometry, { ...inode, ...fork, kind: 'folder' }, signal),
			signal,
		);
	}

	private constructor(geometry: Geometry, inode: Inode, extents: ExtentList, signal: AbortSignal | undefined) {
		this.#geometry = geometry;
		this.#inode = inode;
		this.#extents = extents;
		this.#source = new ExtentSource(geometry.source, extents, extents.end, signal);
		this.#what = `XFS attributes of inode ${inode.number}`;
	}

	/** The leaves in the order of their hash values. There are no more of them than blocks, so no chain goes on for ever. */
	async *leaves(): AsyncGenerator<StoredAttribute[], void, undefined> {
		const version5 = this.#geometry.volume.version === 5;
		let left = this.#extents.end / this.#geometry.volume.sb.blocksize;
		let next = await this.#firstLeaf();
		do {
			if (left-- <= 0) throw this.#damage('chain of leaves', this.#inode.at, 'an end', 'a circle');
			const { bytes, at } = await this.#block(next, ['attributeLeaf', 'attributeLeaf4']);
			yield leafAttributes(bytes, version5, this.#what, at);
			next = new AttributeBlock(bytes).forw;
		} while (next !== 0);
	}

	/** A value that lies in blocks of its own. @throws AfterimageError `structure-damaged`, `read-error`, `cancelled` */
	async value({ block, size }: { readonly block: number; readonly size: number }): Promise<Uint8Array> {
		const { version, sb } = this.#geometry.volume;
		const version5 = version === 5;
		const room = sb.blocksize - (version5 ? AttributeValueBlock.size : 0);
		const value = new Uint8Array(size);
		for (let done = 0, next = block; done < size; done += room, next++) {
			const { bytes, at } = await this.#bytes(next);
			const count = Math.min(room, size - done);
			if (version5) this.#checkValueBlock(bytes, at, done, count);
			value.set(bytes.subarray(bytes.length - room, bytes.length - room + count), done);
		}
		return value;
	}

	#checkValueBlock(bytes: Uint8Array, at: number, done: number, count: number): void {
		const header = new AttributeValueBlock(bytes);
		const check = (field: string, expected: number, found: number) => {
			if (found !== expected) throw this.#damage(`value, ${field}`, at, expected, found);
		};
		check('magic number', magic.attributeValue, header.magic);
		const { crc } = AttributeValueBlock.offset;
		checkSelfDescription(this.#what, this.#geometry, bytes, crc, header, { at, owner: this.#inode.number });
		check('place of the bytes', done, header.offset);
		check('number of bytes', count, header.length);
	}

	/** From the root down along the first entries. */
	async #firstLeaf(): Promise<number> {
		const isVersion5 = this.#geometry.volume.version === 5;
		const header = isVersion5 ? AttributeBlock.size : attributeHeader4;
		let above: number | undefined;
		for (let number = 0; ;) {
			const { bytes, at } = await this.#block(number, [
				'attributeLeaf',
				'attributeLeaf4',
				'attributeNode',
				'attributeNode4',
			]);
			const found = new AttributeBlock(bytes).magic;
			const isLeaf = found === magic.attributeLeaf || found === magic.attributeLeaf4;
			const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
			const level = isLeaf ? 0 : view.getUint16(header + 2);
			const expected = above === undefined ? level : above - 1;
			if (level !== expected || level > maxLevels || (!isLeaf && level === 0)) {
				throw this.#damage('level', at, above === undefined ? `1 to ${maxLevels}` : expected, level);
			}
			if (isLeaf) return number;
			const entries = header + nodeHeader + (isVersion5 ? padding5 : 0);
			const most = Math.floor((bytes.length - entries) / nodeEntrySize);
			const count = view.getUint16(header);
			if (count < 1 || count > most) throw this.#damage('number of entries', at, `1 to ${most}`, count);
			number = view.getUint32(entries + blockOfEntry);
			above = level;
		}
	}

	/** A block of the tree, checked as far as what every one begins with. */
	async #block(number: number, kinds: readonly (keyof typeof magic)[]): Promise<{ bytes: Uint8Array; at: number }> {
		const { bytes, at } = await this.#bytes(number);
		const version5 = this.#geometry.volume.version === 5;
		const allowed: number[] = kinds.filter((kind) => kind.endsWith('4') !== version5).map((kind) => magic[kind]);
		const header = new AttributeBlock(bytes);
		if (!allowed.includes(header.magic)) throw this.#damage('magic number', at, allowed.join(' or '), header.magic);
		if (version5) {
			const { crc } = AttributeBlock.offset;
			checkSelfDescription(this.#what, this.#geometry, bytes, crc, header, { at, owner: this.#inode.number });
		}
		return { bytes, at };
	}

	/** A block of the attribute fork, and the byte of the partition where it lies. */
	async #bytes(number: number): Promise<{ bytes: Uint8Array; at: number }> {
		const { blocksize } = this.#geometry.volume.sb;
		const offset = number * blocksize;
		const index = this.#extents.find(offset);
		const extent = index < this.#extents.count ? this.#extents.at(index) : undefined;
		if (extent === undefined || extent.start > offset) {
			throw this.#damage('block', this.#inode.at, `one before ${this.#extents.end / blocksize}`, number);
		}
		return { bytes: await readBytes(this.#source, offset, blocksize), at: extent.place + offset - extent.start };
	}

	#damage(field: string, at: number, expected: string | number, found: string | number) {
		return damaged('structure-damaged', `${this.#what}, ${field}`, at, expected, found);
	}
}
