import { AfterimageError } from './errors.ts';

/**
 * Random-access bytes to read: a disk, a partition, a file, a snapshot, an array in a test.
 * Implementations may be used by one caller at a time or by several; reads are independent.
 */
export interface ByteSource {
	/** Length in bytes. */
	readonly size: number;
	/**
	 * Fills `target` completely from `offset` on.
	 * @throws AfterimageError `read-error` when the range leaves the source or the device fails
	 */
	read(offset: number, target: Uint8Array): Promise<void>;
}

/** Random-access bytes to write. */
export interface ByteSink {
	/** Writes all of `data` at `offset`. @throws AfterimageError `write-error` or `no-space` */
	write(offset: number, data: Uint8Array): Promise<void>;
}

/** Refuses a range that is negative, fractional, beyond 2^53 or outside `size`. */
export function checkRange(what: string, offset: number, length: number, size: number): void {
	if (
		!Number.isSafeInteger(offset) ||
		!Number.isSafeInteger(length) ||
		offset < 0 ||
		length < 0 ||
		offset + length > size
	) {
		throw new AfterimageError(
			'read-error',
			`${what}: ${length} bytes at byte ${offset} lie outside its ${size} bytes`,
			{
				details: { offset, length, size },
			},
		);
	}
}

/** Reads `length` bytes into a new array. The caller has checked that `length` is a sane amount of memory. */
export async function readBytes(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
	checkRange('Read', offset, length, source.size);
	const bytes = new Uint8Array(length);
	await source.read(offset, bytes);
	return bytes;
}

/** An array as a source and sink: tests and small structures. */
export class MemoryBytes implements ByteSource, ByteSink {
	readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	get size(): number {
		return this.bytes.length;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		target.set(this.bytes.subarray(offset, offset + target.length));
	}

	async write(offset: number, data: Uint8Array): Promise<void> {
		checkRange('Write', offset, data.length, this.size);
		this.bytes.set(data, offset);
	}
}

/** A window of another source: a partition of a disk. */
export class SubSource implements ByteSource {
	readonly #parent: ByteSource;
	readonly #start: number;
	readonly size: number;

	/** @throws AfterimageError `read-error` when the window leaves the parent */
	constructor(parent: ByteSource, start: number, size: number) {
		checkRange('Window', start, size, parent.size);
		this.#parent = parent;
		this.#start = start;
		this.size = size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		await this.#parent.read(this.#start + offset, target);
	}
}
