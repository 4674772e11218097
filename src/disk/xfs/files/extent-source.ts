import { throwIfAborted } from '../../../base/abort.ts';
import { checkRange, type ByteSource } from '../../../base/bytes.ts';
import type { FileBytes, FileExtent } from '../../files.ts';
import type { ExtentList } from './extent-list.ts';

/** The bytes that extents of `source` make up, with zeros where there are none: a file, a folder's entries. */
export class ExtentSource implements FileBytes {
	readonly #source: ByteSource;
	readonly #extents: ExtentList;
	readonly #signal: AbortSignal | undefined;
	readonly size: number;

	constructor(source: ByteSource, extents: ExtentList, size: number, signal?: AbortSignal) {
		this.#source = source;
		this.#extents = extents;
		this.#signal = signal;
		this.size = size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		const end = offset + target.length;
		let next = offset;
		for (let i = this.#extents.find(offset); next < end; i++) {
			throwIfAborted(this.#signal);
			const { start, place, length } =
				i < this.#extents.count ? this.#extents.at(i) : { start: end, place: 0, length: 0 };
			if (start > next) {
				const hole = Math.min(start, end);
				target.fill(0, next - offset, hole - offset);
				next = hole;
				if (next === end) return;
			}
			const to = Math.min(start + length, end);
			await this.#source.read(place + next - start, target.subarray(next - offset, to - offset));
			next = to;
		}
	}

	extentAt(offset: number, stop: number): FileExtent {
		const i = this.#extents.find(offset);
		if (i === this.#extents.count) return { end: stop, stored: false };
		const { start, length } = this.#extents.at(i);
		const stored = start <= offset;
		return { end: Math.min(stop, stored ? start + length : start), stored };
	}
}
