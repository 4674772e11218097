import { throwIfAborted } from '../../../base/abort.ts';
import { checkRange } from '../../../base/bytes.ts';
import type { FileBytes, FileExtent } from '../../files.ts';
import { compressionType, decompress } from './decompress.ts';
import { fileExtents, type FileExtentPart } from './file-extents.ts';
import type { Inode } from './inode.ts';
import type { BtrfsVolume } from './volume.ts';

type StoredPart = Extract<FileExtentPart, { kind: 'stored' }>;

/** Bytes of data as they lie on the device, and where in the file they belong. */
interface Run {
	readonly logical: number;
	readonly start: number;
	end: number;
}

/** Longest single read. */
const readLimit = 1024 * 1024;

/** The bytes of a file. Its extents are looked up for each read, so that a file of any number of them takes no memory. */
export class FileSource implements FileBytes {
	readonly #volume: BtrfsVolume;
	readonly #inode: Inode;
	readonly #signal: AbortSignal | undefined;
	/** The compressed extent that was last read. */
	#last: { readonly logical: number; readonly bytes: Uint8Array } | undefined;

	constructor(volume: BtrfsVolume, inode: Inode, signal: AbortSignal | undefined) {
		this.#volume = volume;
		this.#inode = inode;
		this.#signal = signal;
	}

	get size(): number {
		return this.#inode.size;
	}

	/** @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported` */
	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		const { search, sb } = this.#volume;
		const end = offset + target.length;
		const { tree, number } = this.#inode;
		const put = (bytes: Uint8Array, at: number) => target.set(bytes, at - offset);
		target.fill(0);
		let run: Run | undefined;
		for await (const part of fileExtents(search, tree, number, { start: offset, end }, sb.sectorsize)) {
			throwIfAborted(this.#signal);
			const from = Math.max(offset, part.start);
			const to = Math.min(end, part.end);
			if (part.kind === 'inline') {
				const bytes = this.#inline(part);
				put(bytes.subarray(from - part.start, to - part.start), from);
			} else if (part.compression === compressionType.none) {
				const logical = part.logical + part.offset + from - part.start;
				if (run?.end === from && run.logical + (from - run.start) === logical) {
					run.end = to;
				} else {
					if (run !== undefined) await this.#readRun(run, offset, target);
					run = { logical, start: from, end: to };
				}
			} else {
				const at = part.offset - part.start;
				put((await this.#decompressed(part)).subarray(at + from, at + to), from);
			}
		}
		if (run !== undefined) await this.#readRun(run, offset, target);
	}

	async extentAt(offset: number, stop: number): Promise<FileExtent> {
		const { search, sb } = this.#volume;
		const { tree, number } = this.#inode;
		for await (const { start, end } of fileExtents(search, tree, number, { start: offset, end: stop }, sb.sectorsize)) {
			const stored = start <= offset;
			return { end: Math.min(stop, stored ? end : start), stored };
		}
		return { end: stop, stored: false };
	}

	#inline(part: Extract<FileExtentPart, { kind: 'inline' }>): Uint8Array {
		const { compression: type, bytes, leaf: at, end: length } = part;
		if (type === compressionType.none) return bytes;
		const { sb, decompressors } = this.#volume;
		return decompress({ type, bytes, length, sectorSize: sb.sectorsize, at }, decompressors);
	}

	/** Data that lies in one piece by its logical addresses; chunks may divide it. */
	async #readRun(run: Run, offset: number, target: Uint8Array): Promise<void> {
		const { data, sb } = this.#volume;
		const { checked } = this.#inode;
		for (let at = run.start; at < run.end;) {
			throwIfAborted(this.#signal);
			const logical = run.logical + at - run.start;
			// Checksums are those of whole sectors.
			const before = logical % sb.sectorsize;
			const whole = Math.ceil((before + run.end - at) / sb.sectorsize) * sb.sectorsize;
			const piece = Math.min(whole, readLimit, data.contiguous(logical - before));
			const length = piece - (piece % sb.sectorsize);
			const count = Math.min(length - before, run.end - at);
			const to = target.subarray(at - offset, at - offset + count);
			if (count === length) {
				await data.read(logical, to, checked);
			} else {
				const sectors = new Uint8Array(length);
				await data.read(logical - before, sectors, checked);
				to.set(sectors.subarray(before, before + count));
			}
			at += count;
		}
	}

	async #decompressed(part: StoredPart): Promise<Uint8Array> {
		const { logical, storedLength, length, compression: type } = part;
		if (this.#last?.logical === logical && this.#last.bytes.length === length) return this.#last.bytes;
		const { data, sb, decompressors } = this.#volume;
		const stored = new Uint8Array(storedLength);
		await data.read(logical, stored, this.#inode.checked);
		const at = data.place(logical);
		const bytes = decompress({ type, bytes: stored, length, sectorSize: sb.sectorsize, at }, decompressors);
		this.#last = { logical, bytes };
		return bytes;
	}
}
