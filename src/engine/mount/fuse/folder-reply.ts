import { FolderEntry } from './structures.ts';

/** An entry of a folder as the kernel is told of it. */
export interface ListedEntry {
	/** As it is stored. */
	readonly name: Uint8Array;
	/** Number of the inode. */
	readonly number: bigint;
	/** Kind of file as in a mode; 0 for what is not known. */
	readonly type: number;
	/** From where on the folder is read to go on behind this entry. */
	readonly next: number;
}

/** Collects entries of a folder for one answer. */
export class FolderReply {
	readonly #bytes: Uint8Array;
	#used = 0;

	/** @param room bytes that the answer may have */
	constructor(room: number) {
		this.#bytes = new Uint8Array(room);
	}

	get bytes(): Uint8Array {
		return this.#bytes.subarray(0, this.#used);
	}

	/** Whether an entry fits. @param before bytes of what is told of it before its name */
	hasRoom({ name }: ListedEntry, before = 0): boolean {
		return this.#used + before + aligned(FolderEntry.size + name.length) <= this.#bytes.length;
	}

	/**
	 * Adds an entry that {@link hasRoom}.
	 * @param before what is told of it before its name, in a multiple of 8 bytes
	 */
	add({ name, number, type, next }: ListedEntry, before: Uint8Array = new Uint8Array(0)): void {
		this.#bytes.set(before, this.#used);
		const at = this.#used + before.length;
		const entry = new FolderEntry(this.#bytes, at);
		entry.number = number;
		entry.next = next;
		entry.nameLength = name.length;
		entry.type = type >>> 12;
		this.#bytes.set(name, at + FolderEntry.size);
		this.#used = at + aligned(FolderEntry.size + name.length);
	}
}

function aligned(length: number): number {
	return Math.ceil(length / 8) * 8;
}
