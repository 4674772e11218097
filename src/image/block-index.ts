/** One `$INDEX` element without the delta's block number: i64 position, MD5 of the raw block, u32 stored length, u16 file number. */
export const elementSize = 30;

const perPage = 4096;
const pageSize = perPage * elementSize;
const zeros = new Uint8Array(pageSize);

/**
 * The index of one partition (or of its reserved sectors): an element a block, kept as the file has them, in pages
 * that exist only where a block is stored. A sparse 16 TiB disk costs what its used blocks cost.
 */
export class BlockIndex {
	/** Number of elements, holes included. */
	readonly count: number;
	readonly #pages: (Page | undefined)[];

	constructor(count: number) {
		this.count = count;
		this.#pages = new Array<Page | undefined>(Math.ceil(count / perPage)).fill(undefined);
	}

	static readonly perPage = perPage;
	/** Bytes of a full page. */
	static readonly pageSize = pageSize;

	/** The elements `page * perPage …` as stored in the file, or undefined when all of them are holes. */
	pageBytes(page: number): Uint8Array | undefined {
		return this.#pages[page]?.bytes;
	}

	/**
	 * Takes over whole pages from `first` on, as read from a file; holes follow where the last is not full. The memory
	 * becomes the index's own; pages of holes alone are not kept.
	 */
	adoptPages(first: number, bytes: Uint8Array): void {
		const stored: number[] = [];
		for (let at = 0; at < bytes.length; at += pageSize) {
			const page = bytes.subarray(at, at + pageSize);
			if (Buffer.compare(page, zeros.subarray(0, page.length)) !== 0) stored.push(at);
			this.#pages[first + at / pageSize] = undefined;
		}
		// A few pages must not keep the memory of many.
		const sparse = stored.length * pageSize * 2 < bytes.length;
		for (const at of stored) {
			const page = bytes.subarray(at, at + pageSize);
			const number = first + at / pageSize;
			const whole = page.length === this.#pageLength(number);
			if (whole) this.#pages[number] = pageOf(sparse ? page.slice() : page);
			else this.#make(number).bytes.set(page);
		}
	}

	isHole(block: number): boolean {
		return this.storedLength(block) === 0;
	}

	/** Stored length in bytes; 0 for a hole. */
	storedLength(block: number): number {
		const page = this.#pages[Math.floor(block / perPage)];
		return page === undefined ? 0 : page.view.getUint32((block % perPage) * elementSize + 24, true);
	}

	/** Byte in the file `fileNumber` where the stored bytes begin; at most 2^53 - 1 (readers check before). */
	position(block: number): number {
		const page = this.#pages[Math.floor(block / perPage)];
		if (page === undefined) return 0;
		const at = (block % perPage) * elementSize;
		return page.view.getUint32(at + 4, true) * 0x1_0000_0000 + page.view.getUint32(at, true);
	}

	fileNumber(block: number): number {
		const page = this.#pages[Math.floor(block / perPage)];
		return page === undefined ? 0 : page.view.getUint16((block % perPage) * elementSize + 28, true);
	}

	/** Copies the block's MD5 into `target`; zeros for a hole. */
	copyMd5(block: number, target: Uint8Array, at = 0): void {
		const page = this.#pages[Math.floor(block / perPage)];
		if (page === undefined) {
			target.fill(0, at, at + 16);
			return;
		}
		const from = (block % perPage) * elementSize + 8;
		target.set(page.bytes.subarray(from, from + 16), at);
	}

	/** Whether the stored block's MD5 equals the 16 bytes at `md5[at]`; false for a hole. */
	hasMd5(block: number, md5: Uint8Array, at: number): boolean {
		const page = this.#pages[Math.floor(block / perPage)];
		if (page === undefined) return false;
		const from = (block % perPage) * elementSize;
		if (page.view.getUint32(from + 24, true) === 0) return false;
		for (let i = 0; i < 16; i++) {
			if (page.bytes[from + 8 + i] !== md5[at + i]) return false;
		}
		return true;
	}

	set(block: number, position: number, md5: Uint8Array, md5At: number, storedLength: number, fileNumber: number): void {
		const page = this.#make(Math.floor(block / perPage));
		const at = (block % perPage) * elementSize;
		page.view.setUint32(at, position % 0x1_0000_0000, true);
		page.view.setUint32(at + 4, Math.floor(position / 0x1_0000_0000), true);
		page.bytes.set(md5.subarray(md5At, md5At + 16), at + 8);
		page.view.setUint32(at + 24, storedLength, true);
		page.view.setUint16(at + 28, fileNumber, true);
	}

	/** Takes the 30 bytes at `at` as stored in a file (the head of a delta element too). */
	setRaw(block: number, from: DataView, at: number): void {
		const { view } = this.#make(Math.floor(block / perPage));
		const to = (block % perPage) * elementSize;
		for (let i = 0; i < 28; i += 4) view.setUint32(to + i, from.getUint32(at + i, true), true);
		view.setUint16(to + 28, from.getUint16(at + 28, true), true);
	}

	/** Copies the 30 bytes of the block to `target[at]`; zeros for a hole. */
	copyElement(block: number, target: Uint8Array, at: number): void {
		const page = this.#pages[Math.floor(block / perPage)];
		const from = (block % perPage) * elementSize;
		if (page === undefined) target.fill(0, at, at + elementSize);
		else target.set(page.bytes.subarray(from, from + elementSize), at);
	}

	/** Takes the element of the same block from another index. */
	copyFrom(other: BlockIndex, block: number): void {
		const page = other.#pages[Math.floor(block / perPage)];
		if (page === undefined) this.clear(block);
		else this.setRaw(block, page.view, (block % perPage) * elementSize);
	}

	/** Points the stored block at other bytes; its MD5 and stored length stay. */
	move(block: number, position: number, fileNumber: number): void {
		const { view } = this.#make(Math.floor(block / perPage));
		const at = (block % perPage) * elementSize;
		view.setUint32(at, position % 0x1_0000_0000, true);
		view.setUint32(at + 4, Math.floor(position / 0x1_0000_0000), true);
		view.setUint16(at + 28, fileNumber, true);
	}

	/** Number of blocks that are stored. */
	countStored(): number {
		let total = 0;
		for (const page of this.#pages) {
			if (page === undefined) continue;
			for (let at = 24; at < page.bytes.length; at += elementSize) if (page.view.getUint32(at, true) !== 0) total++;
		}
		return total;
	}

	/** Makes the block a hole: 30 zero bytes. */
	clear(block: number): void {
		const page = this.#pages[Math.floor(block / perPage)];
		const at = (block % perPage) * elementSize;
		page?.bytes.fill(0, at, at + elementSize);
	}

	/** The first block at or after `from` that is stored, or `count`. */
	next(from: number): number {
		let block = from;
		while (block < this.count) {
			const page = this.#pages[Math.floor(block / perPage)];
			if (page === undefined) {
				block = (Math.floor(block / perPage) + 1) * perPage;
				continue;
			}
			if (page.view.getUint32((block % perPage) * elementSize + 24, true) !== 0) return block;
			block++;
		}
		return this.count;
	}

	#make(number: number): Page {
		return (this.#pages[number] ??= pageOf(new Uint8Array(this.#pageLength(number))));
	}

	#pageLength(number: number): number {
		return Math.min(perPage, this.count - number * perPage) * elementSize;
	}
}

interface Page {
	readonly bytes: Uint8Array;
	readonly view: DataView;
}

function pageOf(bytes: Uint8Array): Page {
	return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}
