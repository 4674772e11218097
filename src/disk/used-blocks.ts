import type { UsedSink } from './filesystem.ts';

/**
 * Which image blocks of a partition hold used bytes: one bit a block. With the block sizes of the image format
 * (`blockSizeFor`) it never takes more than 8 MiB.
 */
export class UsedBlocks implements UsedSink {
	readonly blockSize: number;
	readonly count: number;
	readonly #start: number;
	readonly #length: number;
	readonly #bits: Uint8Array;

	/**
	 * @param start byte of the partition where block 0 begins (FAT: the first cluster; elsewhere 0)
	 * @param length bytes from there to the partition's end
	 * @param blockSize bytes, a power of two
	 */
	constructor(start: number, length: number, blockSize: number) {
		this.#start = start;
		this.#length = length;
		this.blockSize = blockSize;
		this.count = Math.ceil(length / blockSize);
		this.#bits = new Uint8Array(Math.ceil(this.count / 8));
	}

	/** Marks every block that the byte range (relative to the partition) touches; what lies outside is cut off. */
	add(start: number, end: number): void {
		const from = Math.max(0, start - this.#start);
		const to = Math.min(this.#length, end - this.#start);
		if (to <= from) return;
		const last = Math.floor((to - 1) / this.blockSize);
		let block = Math.floor(from / this.blockSize);
		while (block <= last) {
			if (block % 8 === 0 && last - block >= 7) {
				const bytes = Math.floor((last - block + 1) / 8);
				this.#bits.fill(0xff, block / 8, block / 8 + bytes);
				block += bytes * 8;
			} else {
				this.#bits[block >>> 3]! |= 1 << (block & 7);
				block++;
			}
		}
	}

	addAll(): void {
		this.add(this.#start, this.#start + this.#length);
	}

	has(block: number): boolean {
		return ((this.#bits[block >>> 3] ?? 0) & (1 << (block & 7))) !== 0;
	}

	/** The first used block at or after `from`, or `count` when there is none. */
	next(from: number): number {
		let block = from;
		while (block < this.count) {
			const byte = this.#bits[block >>> 3]!;
			if (byte === 0) {
				block = (block | 7) + 1;
				continue;
			}
			if ((byte & (1 << (block & 7))) !== 0) return block;
			block++;
		}
		return this.count;
	}

	/** Number of used blocks. */
	used(): number {
		let total = 0;
		for (let byte of this.#bits) {
			for (; byte !== 0; byte &= byte - 1) total++;
		}
		return total;
	}

	/** Bytes of used blocks, the last block of the partition counted with its true length. */
	usedBytes(): number {
		const tail = this.#length % this.blockSize;
		const short = tail !== 0 && this.has(this.count - 1) ? this.blockSize - tail : 0;
		return this.used() * this.blockSize - short;
	}
}
