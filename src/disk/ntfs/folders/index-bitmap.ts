import { readBytes, type ByteSource } from '../../../base/bytes.ts';

/** Bytes of the bitmap that are held. */
const pieceBytes = 4096;

/** $BITMAP of a directory: a bit for each block of its index, in their order, set for those in use. */
export class IndexBitmap {
	readonly #source: ByteSource;
	#piece: Uint8Array = new Uint8Array(0);
	#start = 0;

	constructor(source: ByteSource) {
		this.#source = source;
	}

	/** Whether the block is in use; no block is that lies beyond the bitmap, or does not begin where one can. */
	async inUse(block: number): Promise<boolean> {
		const byte = Math.floor(block / 8);
		if (!Number.isInteger(block) || byte >= this.#source.size) return false;
		if (byte < this.#start || byte >= this.#start + this.#piece.length) {
			this.#start = byte - (byte % pieceBytes);
			this.#piece = await readBytes(this.#source, this.#start, Math.min(pieceBytes, this.#source.size - this.#start));
		}
		return ((this.#piece[byte - this.#start]! >>> (block % 8)) & 1) === 1;
	}
}
