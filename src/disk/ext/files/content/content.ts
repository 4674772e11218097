import type { ByteSource } from '../../../../base/bytes.ts';
import { checkRange } from '../../../../base/bytes.ts';
import type { FileBytes, FileExtent } from '../../../files.ts';
import { BlockMap } from './block-map.ts';
import type { ContentMap, OnMapBlock } from './content-map.ts';
import { ExtentTree } from './extent-tree.ts';
import { InodeFlag } from '../file-structures.ts';
import type { Geometry } from '../../geometry.ts';
import { inlineData } from './inline-data.ts';
import type { Inode } from '../inode.ts';

/**
 * The bytes of a file, which is not encrypted.
 * @throws AfterimageError `structure-damaged`, when it opens and when it is read; then `read-error` too
 */
export function openContent(volume: ByteSource, geometry: Geometry, inode: Inode): FileBytes {
	if (inode.has(InodeFlag.inlineData)) return new InlineContent(inode.size, inlineData(inode));
	return new MappedContent(volume, geometry, inode.size, mapOf(volume, geometry, inode));
}

/**
 * Where the blocks of an inode without inline data lie.
 * @param onBlock is told each block of the map itself before it is read
 * @throws AfterimageError `structure-damaged`
 */
export function mapOf(volume: ByteSource, geometry: Geometry, inode: Inode, onBlock?: OnMapBlock): ContentMap {
	if (inode.has(InodeFlag.extents)) return new ExtentTree(volume, geometry, inode, onBlock);
	return new BlockMap(volume, geometry, inode, onBlock);
}

/** A file in the volume's blocks: one read for each run of them. */
class MappedContent implements FileBytes {
	readonly size: number;
	readonly #volume: ByteSource;
	readonly #blockSize: number;
	readonly #map: ContentMap;

	constructor(volume: ByteSource, geometry: Geometry, size: number, map: ContentMap) {
		this.size = size;
		this.#volume = volume;
		this.#blockSize = geometry.blockSize;
		this.#map = map;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('File', offset, target.length, this.size);
		for (let done = 0; done < target.length;) {
			const block = Math.floor((offset + done) / this.#blockSize);
			const within = (offset + done) % this.#blockSize;
			const { start, count } = await this.#map.runAt(block);
			const part = target.subarray(done, done + count * this.#blockSize - within);
			if (start === undefined) part.fill(0);
			else await this.#volume.read(start * this.#blockSize + within, part);
			done += part.length;
		}
	}

	async extentAt(offset: number, stop: number): Promise<FileExtent> {
		const block = Math.floor(offset / this.#blockSize);
		const { start, count } = await this.#map.runAt(block);
		return { end: Math.min(stop, (block + count) * this.#blockSize), stored: start !== undefined };
	}
}

/** A file in its inode. One that was lengthened without being written goes on in zeros. */
class InlineContent implements ByteSource {
	readonly size: number;
	readonly #data: Uint8Array;

	constructor(size: number, data: Uint8Array) {
		this.size = size;
		this.#data = data;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('File', offset, target.length, this.size);
		target.fill(0);
		target.set(this.#data.subarray(offset, offset + target.length));
	}
}
