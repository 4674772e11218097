import { RecentMap } from '../../base/recent-map.ts';
import type { FileBytes, FileNode } from '../../disk/files.ts';
import { BufferPool } from '../buffer-pool.ts';
import { errno, seek } from './fuse/constants.ts';
import type { Answer } from './fuse/messages.ts';
import { largestRead } from './fuse/negotiate.ts';
import { SeekOut } from './fuse/structures.ts';
import type { KnownNode } from './known-nodes.ts';

/** Files that are kept open: each has the list of its extents in memory. */
const keptOpen = 64;
/** Buffers of {@link largestRead} that are kept while nobody reads. */
const keptBuffers = 4;
/** Extents that one seek looks at. */
const lookedAt = 10_000;

/** The contents of files, of which those that were read last are kept open. */
export class Contents {
	readonly #signal: AbortSignal;
	readonly #sources = new RecentMap<number, Promise<FileBytes>>(keptOpen);
	readonly #buffers = new BufferPool(largestRead, keptBuffers);

	/** @param signal of the mount: file systems keep it for later reads */
	constructor(signal: AbortSignal) {
		this.#signal = signal;
	}

	/** @throws AfterimageError as {@link FileNode.open} */
	open({ id }: KnownNode, node: FileNode): Promise<FileBytes> {
		let source = this.#sources.get(id);
		if (source === undefined) {
			source = node.open(this.#signal);
			this.#sources.set(id, source);
			const opening = source;
			source.catch(() => this.#sources.remove(id, opening));
		}
		return source;
	}

	/** @param size bytes, at most {@link largestRead} @throws AfterimageError as the file does */
	async read(known: KnownNode, node: FileNode, offset: bigint, size: number): Promise<Answer> {
		const source = await this.open(known, node);
		if (offset >= BigInt(source.size)) return { reply: [] };
		const start = Number(offset);
		const length = Math.min(size, source.size - start);
		const buffer = this.#buffers.take(length);
		const bytes = buffer.subarray(0, length);
		await source.read(start, bytes);
		return { reply: [bytes], delivered: () => this.#buffers.release(buffer) };
	}

	/**
	 * Where data, or a hole, is next (lseek(2)). Where nothing is known of holes, all is data; behind the end there is one.
	 * @throws AfterimageError as {@link FileNode.open} and reads of it
	 */
	async seek(known: KnownNode, node: FileNode, offset: bigint, whence: number): Promise<Answer> {
		const source = await this.open(known, node);
		if (offset >= BigInt(source.size)) return { reply: errno.ENXIO };
		const found = await next(source, Number(offset), whence === seek.data);
		if (found === undefined) return { reply: errno.ENXIO };
		const bytes = new Uint8Array(SeekOut.size);
		new SeekOut(bytes).offset = found;
		return { reply: [bytes] };
	}
}

/** @returns undefined where no data follows */
async function next(source: FileBytes, offset: number, data: boolean): Promise<number | undefined> {
	if (source.extentAt === undefined) return data ? offset : source.size;
	let at = offset;
	// What lies behind that many is taken for data, which is never wrong.
	for (let looked = 0; at < source.size && looked < lookedAt; looked++) {
		const { end, stored } = await source.extentAt(at, source.size);
		if (stored === data) return at;
		at = end;
	}
	if (!data) return source.size;
	return at < source.size ? at : undefined;
}
