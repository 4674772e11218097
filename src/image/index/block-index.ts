/** One `$INDEX` element without the delta's block number: i64 position, MD5 of the raw block, u32 stored length, u16 file number. */
export const elementSize = 30;

/** Elements of a page: few, so that a block here and there on a large disk costs little. */
const perPage = 64;
const pageSize = perPage * elementSize;
/** Pages that share one piece of memory: an object a page would cost more than the page's bookkeeping is worth. */
const pagesPerSlab = 1024;
const zeros = new Uint8Array(pageSize);

/**
 * The index of one partition (or of its reserved sectors): an element a block, kept as the file has them, in pages
 * that exist only where a block is stored. A sparse 16 TiB disk costs what its used blocks cost.
 */
export class BlockIndex {
	/** Number of elements, holes included. */
	readonly count: number;
	/** Slot of each page, counted from 1; 0 where the page is all holes. */
	readonly #slots: Int32Array;
	readonly #slabs: Slab[] = [];
	#used = 0;

	constructor(count: number) {
		this.count = count;
		this.#slots = new Int32Array(Math.ceil(count / perPage));
	}

	static readonly perPage = perPage;
	/** Bytes of a full page. */
	static readonly pageSize = pageSize;

	/** Bytes of memory that it takes. */
	get memory(): number {
		return this.#slabs.reduce((sum, { bytes }) => sum + bytes.length, this.#slots.byteLength);
	}

	/** The elements `page * perPage …` as stored in the file, or undefined when all of them are holes. */
	pageBytes(page: number): Uint8Array | undefined {
		const slot = (this.#slots[page] ?? 0) - 1;
		if (slot < 0) return undefined;
		const at = (slot % pagesPerSlab) * pageSize;
		return this.#slabs[Math.floor(slot / pagesPerSlab)]!.bytes.subarray(at, at + this.#pageLength(page));
	}

	/** Copies whole pages from `first` on, as read from a file; holes follow where the last is not full. Pages of holes alone are not kept. */
	loadPages(first: number, bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; at += pageSize) {
			const page = bytes.subarray(at, at + pageSize);
			const number = first + at / pageSize;
			if (Buffer.compare(page, zeros.subarray(0, page.length)) === 0) {
				this.pageBytes(number)?.fill(0);
				continue;
			}
			const { bytes: slab, at: to } = this.#make(number);
			slab.set(page, to);
			slab.fill(0, to + page.length, to + pageSize);
		}
	}

	isHole(block: number): boolean {
		return this.storedLength(block) === 0;
	}

	/** Stored length in bytes; 0 for a hole. */
	storedLength(block: number): number {
		const slot = this.#slotOf(block);
		return slot < 0 ? 0 : this.#viewOf(slot).getUint32(placeOf(slot, block) + 24, true);
	}

	/** Byte in the file `fileNumber` where the stored bytes begin; at most 2^53 - 1 (readers check before). */
	position(block: number): number {
		const slot = this.#slotOf(block);
		if (slot < 0) return 0;
		const view = this.#viewOf(slot);
		const at = placeOf(slot, block);
		return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
	}

	fileNumber(block: number): number {
		const slot = this.#slotOf(block);
		return slot < 0 ? 0 : this.#viewOf(slot).getUint16(placeOf(slot, block) + 28, true);
	}

	/** Copies the block's MD5 into `target`; zeros for a hole. */
	copyMd5(block: number, target: Uint8Array, at = 0): void {
		const slot = this.#slotOf(block);
		if (slot < 0) {
			target.fill(0, at, at + 16);
			return;
		}
		const from = placeOf(slot, block) + 8;
		target.set(this.#bytesOf(slot).subarray(from, from + 16), at);
	}

	/** Whether the stored block's MD5 equals the 16 bytes at `md5[at]`; false for a hole. */
	hasMd5(block: number, md5: Uint8Array, at: number): boolean {
		const slot = this.#slotOf(block);
		if (slot < 0) return false;
		const from = placeOf(slot, block);
		if (this.#viewOf(slot).getUint32(from + 24, true) === 0) return false;
		const bytes = this.#bytesOf(slot);
		for (let i = 0; i < 16; i++) {
			if (bytes[from + 8 + i] !== md5[at + i]) return false;
		}
		return true;
	}

	/** Whether the block is stored in both indexes, and they say the same of it. */
	sameElement(other: BlockIndex, block: number): boolean {
		const [slot, otherSlot] = [this.#slotOf(block), other.#slotOf(block)];
		if (slot < 0 || otherSlot < 0 || this.storedLength(block) === 0) return false;
		const [bytes, otherBytes] = [this.#bytesOf(slot), other.#bytesOf(otherSlot)];
		const [from, otherFrom] = [placeOf(slot, block), placeOf(otherSlot, block)];
		for (let i = 0; i < elementSize; i++) {
			if (bytes[from + i] !== otherBytes[otherFrom + i]) return false;
		}
		return true;
	}

	/** Whether the block is stored, and its 30 bytes are those at `at`. */
	hasElement(block: number, from: Uint8Array, at: number): boolean {
		const slot = this.#slotOf(block);
		if (slot < 0 || this.storedLength(block) === 0) return false;
		const own = placeOf(slot, block);
		return (
			Buffer.compare(this.#bytesOf(slot).subarray(own, own + elementSize), from.subarray(at, at + elementSize)) === 0
		);
	}

	/** Whether both have as many blocks and say the same of each. */
	equals(other: BlockIndex): boolean {
		if (this.count !== other.count) return false;
		for (let page = 0; page * perPage < this.count; page++) {
			const [own, others] = [this.pageBytes(page), other.pageBytes(page)];
			const length = (own ?? others)?.length ?? 0;
			const none = zeros.subarray(0, length);
			if (Buffer.compare(own ?? none, others ?? none) !== 0) return false;
		}
		return true;
	}

	clone(): BlockIndex {
		const copy = new BlockIndex(this.count);
		for (let page = 0; page * perPage < this.count; page++) {
			const bytes = this.pageBytes(page);
			if (bytes !== undefined) copy.loadPages(page, bytes);
		}
		return copy;
	}

	set(block: number, position: number, md5: Uint8Array, md5At: number, storedLength: number, fileNumber: number): void {
		const { view, bytes, at } = this.#element(block);
		setPosition(view, at, position);
		bytes.set(md5.subarray(md5At, md5At + 16), at + 8);
		view.setUint32(at + 24, storedLength, true);
		view.setUint16(at + 28, fileNumber, true);
	}

	/** Takes the 30 bytes at `at` as stored in a file (the head of a delta element too). */
	setRaw(block: number, from: DataView, at: number): void {
		const { view, at: to } = this.#element(block);
		for (let i = 0; i < 28; i += 4) view.setUint32(to + i, from.getUint32(at + i, true), true);
		view.setUint16(to + 28, from.getUint16(at + 28, true), true);
	}

	/** Copies the 30 bytes of the block to `target[at]`; zeros for a hole. */
	copyElement(block: number, target: Uint8Array, at: number): void {
		const slot = this.#slotOf(block);
		if (slot < 0) {
			target.fill(0, at, at + elementSize);
			return;
		}
		const from = placeOf(slot, block);
		target.set(this.#bytesOf(slot).subarray(from, from + elementSize), at);
	}

	/** Takes the element of the same block from another index. */
	copyFrom(other: BlockIndex, block: number): void {
		const slot = other.#slotOf(block);
		if (slot < 0) this.clear(block);
		else this.setRaw(block, other.#viewOf(slot), placeOf(slot, block));
	}

	/** Points the stored block at other bytes; its MD5 and stored length stay. */
	move(block: number, position: number, fileNumber: number): void {
		const { view, at } = this.#element(block);
		setPosition(view, at, position);
		view.setUint16(at + 28, fileNumber, true);
	}

	/** Number of blocks that are stored. */
	countStored(): number {
		let total = 0;
		for (let block = this.next(0); block < this.count; block = this.next(block + 1)) total++;
		return total;
	}

	/** Makes the block a hole: 30 zero bytes. */
	clear(block: number): void {
		const slot = this.#slotOf(block);
		if (slot < 0) return;
		const at = placeOf(slot, block);
		this.#bytesOf(slot).fill(0, at, at + elementSize);
	}

	/** The first block at or after `from` that is stored, or `count`. */
	next(from: number): number {
		let block = from;
		while (block < this.count) {
			const slot = this.#slotOf(block);
			const end = Math.min(this.count, (Math.floor(block / perPage) + 1) * perPage);
			if (slot >= 0) {
				const view = this.#viewOf(slot);
				for (let at = placeOf(slot, block) + 24; block < end; block++, at += elementSize) {
					if (view.getUint32(at, true) !== 0) return block;
				}
			}
			block = end;
		}
		return this.count;
	}

	/** Slot of the page that has the block, -1 where there is none. */
	#slotOf(block: number): number {
		return (this.#slots[Math.floor(block / perPage)] ?? 0) - 1;
	}

	#viewOf(slot: number): DataView {
		return this.#slabs[Math.floor(slot / pagesPerSlab)]!.view;
	}

	#bytesOf(slot: number): Uint8Array {
		return this.#slabs[Math.floor(slot / pagesPerSlab)]!.bytes;
	}

	#element(block: number): { view: DataView; bytes: Uint8Array; at: number } {
		const { view, bytes, at } = this.#make(Math.floor(block / perPage));
		return { view, bytes, at: at + (block % perPage) * elementSize };
	}

	/** The page, made when it is not there, and where it begins in its slab. */
	#make(page: number): Slab & { at: number } {
		if (this.#slots[page] === 0) {
			this.#makeRoom();
			this.#slots[page] = ++this.#used;
		}
		const slot = this.#slots[page]! - 1;
		const { bytes, view } = this.#slabs[Math.floor(slot / pagesPerSlab)]!;
		return { bytes, view, at: (slot % pagesPerSlab) * pageSize };
	}

	/** Room for one more page. The first slab grows by doubling, so that a small index stays small. */
	#makeRoom(): void {
		const slab = Math.floor(this.#used / pagesPerSlab);
		const room = (this.#slabs[slab]?.bytes.length ?? 0) / pageSize;
		const needed = (this.#used % pagesPerSlab) + 1;
		if (needed <= room) return;
		const pages = slab > 0 ? pagesPerSlab : Math.min(pagesPerSlab, Math.max(1, room * 2));
		const bytes = new Uint8Array(pages * pageSize);
		if (room > 0) bytes.set(this.#slabs[slab]!.bytes);
		this.#slabs[slab] = { bytes, view: new DataView(bytes.buffer) };
	}

	#pageLength(page: number): number {
		return Math.min(perPage, this.count - page * perPage) * elementSize;
	}
}

interface Slab {
	readonly bytes: Uint8Array;
	readonly view: DataView;
}

/** Where an element lies in the slab of its page's slot. */
function placeOf(slot: number, block: number): number {
	return (slot % pagesPerSlab) * pageSize + (block % perPage) * elementSize;
}

function setPosition(view: DataView, at: number, position: number): void {
	view.setUint32(at, position % 0x1_0000_0000, true);
	view.setUint32(at + 4, Math.floor(position / 0x1_0000_0000), true);
}
