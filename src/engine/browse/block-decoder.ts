import { isAfterimageError } from '../../base/errors.ts';
import { BlockCipher, paddedLength } from '../../image/block-cipher.ts';
import type { BlockIndex } from '../../image/index/block-index.ts';
import type { ResolvedPartition } from '../../image/set/chain.ts';
import type { BlockHasher } from '../../image/md5/block-hasher.ts';
import { toHex } from '../../image/md5.ts';
import type { BlockTools } from './block-tools.ts';

/** Blocks that are hashed side by side. */
const lanes = 16;
/** Bytes of blocks that are decoded in one go, unless one alone has more: that takes a millisecond or two. */
const mostBytes = 2 ** 20;

/** A block as it is stored, and what it has to give. */
export interface EncodedBlock {
	readonly index: BlockIndex;
	/** Number in {@link index}. */
	readonly block: number;
	/** Bytes of the raw block. */
	readonly length: number;
	/** Decrypted in place. */
	readonly stored: Uint8Array;
}

/** Decrypts, decodes and checks blocks of one partition, several at once. */
export class BlockDecoder {
	/** Most blocks of {@link decode}. */
	readonly batch: number;
	readonly #compressed: boolean;
	readonly #cipher: BlockCipher | undefined;
	readonly #tools: BlockTools;
	readonly #blockSize: number;
	/** Made for the first block. */
	#hasher: BlockHasher | undefined;
	readonly #starts = new Uint32Array(lanes);
	readonly #lengths = new Uint32Array(lanes);
	readonly #digests = new Uint8Array(16 * lanes);
	readonly #expected = new Uint8Array(16);

	/** @param blockSize bytes of the largest block */
	constructor({ cipher, compressed }: ResolvedPartition, blockSize: number, tools: BlockTools) {
		this.#compressed = compressed;
		this.#cipher = cipher === undefined ? undefined : new BlockCipher(cipher);
		this.#tools = tools;
		this.#blockSize = blockSize;
		this.batch = Math.max(1, Math.min(lanes, Math.floor(mostBytes / blockSize)));
	}

	/** For each block its raw bytes, until the next call, or what is wrong with the stored ones. */
	decode(blocks: readonly EncodedBlock[]): (Uint8Array | string)[] {
		const hasher = (this.#hasher ??= this.#tools.createHasher(this.batch * this.#blockSize));
		const found = blocks.map((encoded, i) => {
			const at = i * this.#blockSize;
			const raw = hasher.buffer.subarray(at, at + encoded.length);
			return this.#decodeInto(raw, encoded) ?? raw;
		});
		let sound = 0;
		for (const [i, raw] of found.entries()) {
			if (typeof raw === 'string') continue;
			this.#starts[sound] = i * this.#blockSize;
			this.#lengths[sound++] = raw.length;
		}
		hasher.digest(this.#starts, this.#lengths, sound, this.#digests);
		let hashed = 0;
		for (const [i, { index, block }] of blocks.entries()) {
			if (typeof found[i] === 'string') continue;
			const at = 16 * hashed++;
			if (index.hasMd5(block, this.#digests, at)) continue;
			index.copyMd5(block, this.#expected);
			found[i] = `MD5: expected ${toHex(this.#expected)}, found ${toHex(this.#digests.subarray(at, at + 16))}`;
		}
		return found;
	}

	/** What is wrong with the stored bytes, if they could not be decoded. */
	#decodeInto(raw: Uint8Array, { block, stored }: EncodedBlock): string | undefined {
		const { length } = raw;
		try {
			this.#cipher?.decrypt(block, stored);
			if (this.#compressed) {
				const found = this.#tools.codec.decompress(stored, raw);
				return found === length ? undefined : `decoded length: expected ${length} bytes, found ${found}`;
			}
		} catch (error) {
			if (isAfterimageError(error, 'image-damaged')) return error.message;
			throw error;
		}
		const expected = this.#cipher === undefined ? length : paddedLength(length);
		if (stored.length !== expected) return `stored length: expected ${expected} bytes, found ${stored.length}`;
		raw.set(stored.subarray(0, length));
		return undefined;
	}
}
