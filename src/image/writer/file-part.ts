import { crc32 } from 'node:zlib';
import type { Manifest } from '../manifest.ts';
import { PieceSums } from './piece-sums.ts';

/** One file that is being written, from its beginning on. */
export interface ImageFileSink {
	/**
	 * Writes at `position`, the end of the file. Calls are made one after another; `data` may be reused once it resolves.
	 * @throws AfterimageError `no-space` or `write-error`
	 */
	append(data: Uint8Array, position: number): Promise<void>;
}

/** A file that is complete. All positions in bytes. */
export interface WrittenFile {
	readonly fileNumber: number;
	readonly path: string;
	readonly size: number;
	/** Where data blocks end; padding and metadata follow. */
	readonly dataEnd: number;
	/** What it was written in, from the first byte to the last. */
	readonly pieces: PieceSums;
	readonly manifest: Manifest;
}

/** Appends to a file and keeps count and checksums. */
export class FilePart {
	readonly fileNumber: number;
	readonly path: string;
	readonly #sink: ImageFileSink;
	readonly #pieces = new PieceSums();
	#position = 0;
	#dataEnd: number | undefined;

	constructor(sink: ImageFileSink, path: string, fileNumber: number) {
		this.#sink = sink;
		this.path = path;
		this.fileNumber = fileNumber;
	}

	get position(): number {
		return this.#position;
	}

	/** @param sum CRC-32 of `data` where it is known: taken before the bytes went through other hands */
	async append(data: Uint8Array, sum = crc32(data)): Promise<void> {
		if (data.length === 0) return;
		this.#pieces.add(data.length, sum);
		await this.#sink.append(data, this.#position);
		this.#position += data.length;
	}

	/** Counts bytes that somebody else has written at the end of the file. */
	adopt(length: number, sum: number): void {
		this.#pieces.add(length, sum);
		this.#position += length;
	}

	/** Everything appended from now on is metadata; zeros up to the next multiple of 4096 come first. */
	async beginTail(): Promise<void> {
		this.#dataEnd = this.#position;
		await this.append(new Uint8Array(Math.ceil(this.#position / tailAlignment) * tailAlignment - this.#position));
	}

	written(manifest: Manifest): WrittenFile {
		return {
			fileNumber: this.fileNumber,
			path: this.path,
			size: this.#position,
			dataEnd: this.#dataEnd ?? this.#position,
			pieces: this.#pieces,
			manifest,
		};
	}
}

/** Metadata begin at a multiple of this many bytes. */
export const tailAlignment = 4096;
