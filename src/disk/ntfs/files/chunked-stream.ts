import { checkRange, readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';

/** Decodes a chunk; `target` is as long as the chunk decoded. @throws AfterimageError `structure-damaged` */
export type ChunkDecoder = (source: Uint8Array, target: Uint8Array, at: number) => void;

/** Chunks that are read at once: 1 MiB at most. */
const chunksAtOnce = 32;

/**
 * Bytes that are compressed in chunks of one size, as WOF and WIM files store them: first where each chunk but the first
 * begins (counted from the end of this table; 4 bytes each, 8 for 4 GiB and more), then the chunks. One that has the
 * length of its bytes is stored as it is. The chunk that was decoded last is kept.
 */
export class ChunkedStream implements ByteSource {
	readonly size: number;
	readonly #packed: ByteSource;
	readonly #decode: ChunkDecoder;
	readonly #at: number;
	readonly #chunks: number;
	readonly #entryBytes: 4 | 8;
	readonly #chunk: Uint8Array;
	#decoded = -1;

	/**
	 * @param size bytes when they are decoded
	 * @param at byte offset for messages
	 * @throws AfterimageError `structure-damaged` when the table does not fit
	 */
	constructor(packed: ByteSource, size: number, chunkBytes: number, decode: ChunkDecoder, at: number) {
		this.size = size;
		this.#packed = packed;
		this.#decode = decode;
		this.#at = at;
		this.#chunks = Math.ceil(size / chunkBytes);
		this.#entryBytes = size < 2 ** 32 ? 4 : 8;
		this.#chunk = new Uint8Array(chunkBytes);
		if (this.#chunks > 0 && this.#tableBytes >= packed.size)
			throw damaged('structure-damaged', 'Compressed chunks', at, `more than ${this.#tableBytes} bytes`, packed.size);
	}

	get #tableBytes(): number {
		return Math.max(0, this.#chunks - 1) * this.#entryBytes;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read of a compressed file', offset, target.length, this.size);
		const end = offset + target.length;
		const chunkBytes = this.#chunk.length;
		for (let at = offset; at < end;) {
			const first = Math.floor(at / chunkBytes);
			if (first === this.#decoded) {
				at += this.#copy(first, at, target.subarray(at - offset));
				continue;
			}
			const last = Math.min(first + chunksAtOnce, Math.ceil(end / chunkBytes));
			const bounds = await this.#bounds(first, last);
			const packed = await readBytes(this.#packed, bounds[0]!, bounds.at(-1)! - bounds[0]!);
			// Reads may be under way at once: nothing waits between here and the use of what is decoded.
			for (let chunk = first; chunk < last; chunk++) {
				const start = bounds[chunk - first]! - bounds[0]!;
				this.#unpack(chunk, packed.subarray(start, bounds[chunk - first + 1]! - bounds[0]!));
				at += this.#copy(chunk, at, target.subarray(at - offset));
			}
		}
	}

	/** Where the chunks from `first` to before `last` begin in the stream, and where the last of them ends. */
	async #bounds(first: number, last: number): Promise<number[]> {
		const width = this.#entryBytes;
		const from = Math.max(1, first);
		const to = Math.min(last, this.#chunks - 1);
		const table = await readBytes(this.#packed, (from - 1) * width, Math.max(0, to - from + 1) * width);
		const view = new DataView(table.buffer);
		const bounds: number[] = [];
		for (let chunk = first; chunk <= last; chunk++) {
			const entry = (chunk - from) * width;
			const start = this.#tableBytes;
			if (chunk === 0) bounds.push(start);
			else if (chunk === this.#chunks) bounds.push(this.#packed.size);
			else bounds.push(start + (width === 4 ? view.getUint32(entry, true) : Number(view.getBigUint64(entry, true))));
		}
		for (let i = 0; i + 1 < bounds.length; i++) {
			const length = bounds[i + 1]! - bounds[i]!;
			const room = this.#bytesOf(first + i);
			if (!(length > 0 && length <= room) || bounds[i + 1]! > this.#packed.size)
				throw damaged('structure-damaged', `Compressed chunk ${first + i}, length`, this.#at, `1 to ${room}`, length);
		}
		return bounds;
	}

	/** Bytes of a chunk when it is decoded. */
	#bytesOf(chunk: number): number {
		return Math.min(this.#chunk.length, this.size - chunk * this.#chunk.length);
	}

	#unpack(chunk: number, packed: Uint8Array): void {
		this.#decoded = -1;
		const bytes = this.#chunk.subarray(0, this.#bytesOf(chunk));
		if (packed.length === bytes.length) bytes.set(packed);
		else this.#decode(packed, bytes, this.#at);
		this.#decoded = chunk;
	}

	/** Copies what the chunk has from the file's byte `at` on. @returns how many bytes */
	#copy(chunk: number, at: number, target: Uint8Array): number {
		const start = at - chunk * this.#chunk.length;
		const bytes = this.#chunk.subarray(start, Math.min(this.#bytesOf(chunk), start + target.length));
		target.set(bytes);
		return bytes.length;
	}
}
