import type { ByteSource } from '../../base/bytes.ts';
import { readBytes } from '../../base/bytes.ts';
import { damaged, isAfterimageError, type AfterimageError } from '../../base/errors.ts';
import { checksumMatches } from './checksum.ts';
import type { ChunkMap } from './chunk-map.ts';
import { compareKeys, keySize } from './key.ts';
import { mayOwn, type NodeReference } from './node-reference.ts';
import { Item, KeyPointer, NodeHeader } from './structures.ts';
import { nodeUuid, type BtrfsSuperblock } from './superblock.ts';

/** Reads single nodes of trees, and holds them to what their parents say. */
export class NodeReader {
	readonly #source: ByteSource;
	readonly #sb: BtrfsSuperblock;
	readonly #chunks: ChunkMap;

	constructor(source: ByteSource, sb: BtrfsSuperblock, chunks: ChunkMap) {
		this.#source = source;
		this.#sb = sb;
		this.#chunks = chunks;
	}

	/** A node from whichever copy is sound. @throws AfterimageError `structure-damaged`, `read-error` of the first copy */
	async read(reference: NodeReference): Promise<Uint8Array> {
		const [first, second] = this.places(reference);
		let bytes: Uint8Array;
		try {
			bytes = await readBytes(this.#source, first!, this.#sb.nodesize);
		} catch (error) {
			if (second === undefined || !isAfterimageError(error, 'read-error')) throw error;
			bytes = await readBytes(this.#source, second, this.#sb.nodesize);
		}
		return this.sound(bytes, reference);
	}

	/** The node as read, or its other copy when it is damaged. */
	async sound(bytes: Uint8Array, reference: NodeReference): Promise<Uint8Array> {
		const places = this.places(reference);
		const failure = this.#check(bytes, reference, places[0]!);
		if (failure === undefined) return bytes;
		if (places.length < 2) throw failure;
		const other = await readBytes(this.#source, places[1]!, this.#sb.nodesize);
		if (this.#check(other, reference, places[1]!) !== undefined) throw failure;
		return other;
	}

	/**
	 * Where the copies of a node lie on the device.
	 * @throws AfterimageError `structure-damaged` when its address lies in no chunk
	 */
	places({ logical }: NodeReference): number[] {
		const places: number[] = [];
		const { nodesize, sectorsize } = this.#sb;
		const found = logical % sectorsize === 0 && this.#chunks.locate(logical, nodesize, (at) => places.push(at));
		if (!found) throw damaged('structure-damaged', 'Btrfs tree node', logical, 'an address in a chunk', logical);
		return places;
	}

	#check(bytes: Uint8Array, reference: NodeReference, at: number): AfterimageError | undefined {
		const header = new NodeHeader(bytes);
		const damage = (field: string, expected: string | number, found: string | number) =>
			damaged('structure-damaged', `Btrfs tree node, ${field}`, at, expected, found);
		if (!checksumMatches(this.#sb.csumType, bytes)) {
			return damage('checksum', 'a matching one', Buffer.from(header.csum.subarray(0, 4)).toString('hex'));
		}
		if (Buffer.compare(header.fsid, nodeUuid(this.#sb)) !== 0)
			return damage('UUID', 'that of the superblock', 'another');
		if (header.bytenr !== reference.logical) return damage('own address', reference.logical, header.bytenr);
		const { generation, level, owner, firstKey } = reference;
		if (header.generation !== generation) return damage('generation', generation, header.generation);
		if (header.level !== level) return damage('level', level, header.level);
		if (!mayOwn(header.owner, owner)) return damage('owner', owner, header.owner);
		const entry = level === 0 ? Item.size : KeyPointer.size;
		const most = Math.floor((bytes.length - NodeHeader.size) / entry);
		const least = level === 0 && firstKey === undefined ? 0 : 1;
		if (header.nritems < least || header.nritems > most) {
			return damage('number of items', `${least} to ${most}`, header.nritems);
		}
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let i = 1, key = NodeHeader.size; i < header.nritems; i++, key += entry) {
			if (compareKeys(view, key, view, key + entry) >= 0) return damage('order of keys', 'ascending', `item ${i}`);
		}
		if (firstKey !== undefined) {
			const own = bytes.subarray(NodeHeader.size, NodeHeader.size + keySize);
			if (Buffer.compare(own, firstKey) !== 0) return damage('first key', 'that of its parent', 'another');
		}
		return undefined;
	}
}
