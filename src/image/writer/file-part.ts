import type { Manifest } from '../manifest.ts';
import { md5Stream } from '../md5.ts';

/** One file that is being written, from its beginning on. */
export interface ImageFileSink {
	/**
	 * Writes at the end of the file. Calls are made one after another; `data` may be reused once it resolves.
	 * @throws AfterimageError `no-space` or `write-error`
	 */
	append(data: Uint8Array): Promise<void>;
}

/** A file that is complete. All positions in bytes. */
export interface WrittenFile {
	readonly fileNumber: number;
	readonly path: string;
	readonly size: number;
	/** Where data blocks end; padding and metadata follow. */
	readonly dataEnd: number;
	/** MD5 of all that follows the data blocks. */
	readonly tailMd5: Uint8Array;
	readonly manifest: Manifest;
}

/** Appends to a file and keeps count; from {@link beginTail} on also a checksum. */
export class FilePart {
	readonly fileNumber: number;
	readonly path: string;
	readonly #sink: ImageFileSink;
	readonly #hash = md5Stream();
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

	async append(data: Uint8Array): Promise<void> {
		if (data.length === 0) return;
		if (this.#dataEnd !== undefined) this.#hash.update(data);
		await this.#sink.append(data);
		this.#position += data.length;
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
			tailMd5: this.#hash.digest(),
			manifest,
		};
	}
}

/** Metadata begin at a multiple of this many bytes. */
export const tailAlignment = 4096;
