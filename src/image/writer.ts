import { AfterimageError } from '../base/errors.ts';
import { BlockIndex } from './index/block-index.ts';
import type { BlockCodec } from './codec.ts';
import { DeltaIndex } from './index/delta-index.ts';
import type { Manifest } from './manifest.ts';
import { partitionLayout, reservedBlockCount } from './partition-layout.ts';
import type { DiskMetadata } from './reader.ts';
import { FilePart, type ImageFileSink, type WrittenFile } from './writer/file-part.ts';
import { PartitionWriter, type AppendBlocks, type Placed, type StoredBytes } from './writer/partition-writer.ts';
import { tailRoom, writeTail } from './writer/write-tail.ts';

/** Opens the files that an image is written to: in most cases one, with a size limit as many as it takes. */
export interface ImageOutput {
	/**
	 * Begins the file of this number; the one before it is complete.
	 * @returns where to write, and the path under which the file will be known (for `file_history`)
	 */
	begin(fileNumber: number): Promise<{ readonly sink: ImageFileSink; readonly path: string }>;
}

export interface ImageWriterOptions {
	/**
	 * The complete `$JSON`. `_header.file_number` is the number of the first file, `_header.delta_index` decides which
	 * kind of index is written, and each `file_history` has the other files of the set. The writer itself sets
	 * `index_file_position`, `split_file`, counts, `block_count` and the history entries of what it writes.
	 */
	readonly manifest: Manifest;
	/** In the order of `manifest.disks`. */
	readonly disks: readonly DiskMetadata[];
	/** Resolved index of the base by disk and partition; none for a full. It is read, not changed. */
	readonly base?: readonly (readonly BlockIndex[])[] | undefined;
	readonly output: ImageOutput;
	/** Compresses `$JSON` and disk metadata, unless `_compression.compression_level` is `none`. */
	readonly codec: BlockCodec;
	/** Most bytes a file may have; undefined: no limit. */
	readonly splitSize?: number | undefined;
}

/**
 * Writes an image: stored blocks as they come, then all that describes them. It keeps nothing in memory but the indexes.
 * Calls are made one after another; partitions may come in any order.
 */
export class ImageWriter {
	readonly #options: ImageWriterOptions;
	readonly #manifest: Manifest;
	readonly #partitions: PartitionWriter[][];
	readonly #files: WrittenFile[] = [];
	#part: FilePart | undefined;
	/** Bytes that the metadata of a split part may take. */
	#room = 0;
	#nextNumber: number;

	/** @throws AfterimageError `invalid-argument` when disks, base and manifest do not belong together */
	constructor(options: ImageWriterOptions) {
		this.#options = options;
		this.#manifest = structuredClone(options.manifest);
		this.#nextNumber = this.#manifest._header.file_number;
		if (options.disks.length !== this.#manifest.disks.length || options.disks.some((d) => d.track0.length === 0))
			throw new AfterimageError('invalid-argument', 'Each disk of an image needs its first sectors');
		const append: AppendBlocks = (blocks, placed) => this.#append(blocks, placed);
		const { delta_index: delta, backup_type: type } = this.#manifest._header;
		this.#partitions = this.#manifest.disks.map((disk, d) =>
			disk.partitions.map((partition, p) => {
				const layout = partitionLayout(partition);
				const base = options.base?.[d]?.[p];
				if ((delta || type !== 'full') && base === undefined)
					throw new AfterimageError('invalid-argument', `Partition ${p} of disk ${d} has no base to stand on`);
				const count = base?.count ?? layout.blockCount;
				partition._header.block_count = count;
				const reserved = new BlockIndex(reservedBlockCount(layout.reservedLength));
				return new PartitionWriter(delta ? new DeltaIndex(count) : new BlockIndex(count), reserved, base, append);
			}),
		);
	}

	/** @param disk place of the disk in the manifest @param partition place of the partition in its disk */
	partition(disk: number, partition: number): PartitionWriter {
		const writer = this.#partitions[disk]?.[partition];
		if (writer === undefined) throw new RangeError(`No partition ${partition} on disk ${disk}`);
		return writer;
	}

	/** Bytes of data blocks written so far, over all files. */
	get storedBytes(): number {
		return this.#files.reduce((sum, file) => sum + file.dataEnd, 0) + (this.#part?.position ?? 0);
	}

	/** Files that are complete so far. */
	get files(): readonly WrittenFile[] {
		return this.#files;
	}

	/**
	 * Writes padding, metadata and footer. The last of the files has the indexes.
	 * @throws AfterimageError `no-space`, `write-error`; `failed` when a partition lacks reserved blocks
	 */
	async finish(): Promise<readonly WrittenFile[]> {
		const indexes = this.#partitions.map((disk) => disk.map((partition) => partition.content()));
		const content = { manifest: this.#manifest, disks: this.#options.disks, indexes, codec: this.#options.codec };
		const { splitSize } = this.#options;
		let part = this.#part ?? (await this.#begin());
		if (splitSize !== undefined && part.position > 0 && part.position + tailRoom(content, part.path) > splitSize) {
			await this.#close();
			part = await this.#begin();
		}
		this.#files.push(await writeTail(part, content));
		this.#part = undefined;
		return this.#files;
	}

	async #begin(): Promise<FilePart> {
		const number = this.#nextNumber++;
		if (number > 0xffff) throw new AfterimageError('failed', 'A backup set cannot have more than 65,536 files');
		const { sink, path } = await this.#options.output.begin(number);
		for (const disk of this.#manifest.disks) {
			for (const { _header: header } of disk.partitions) {
				header.file_history = header.file_history.filter((entry) => entry.file_number !== number);
				header.file_history.push({ file_name: path, file_number: number });
			}
		}
		this.#room = tailRoom(this.#splitContent(), path);
		this.#part = new FilePart(sink, path, number);
		return this.#part;
	}

	#splitContent() {
		return { manifest: this.#manifest, disks: [], indexes: undefined, codec: this.#options.codec };
	}

	/** Ends the current file as a split part. */
	async #close(): Promise<void> {
		this.#files.push(await writeTail(this.#part!, this.#splitContent()));
		this.#part = undefined;
	}

	async #append({ data, sum, lengths, count }: StoredBytes, placed: Placed): Promise<void> {
		const limit = this.#options.splitSize ?? Infinity;
		let done = 0;
		for (let i = 0; i < count;) {
			let part = this.#part ?? (await this.#begin());
			if (part.position > 0 && part.position + lengths[i]! + this.#room > limit) {
				await this.#close();
				part = await this.#begin();
			}
			const start = part.position;
			let end = start;
			do {
				if (lengths[i] !== 0) placed(i, end, part.fileNumber);
				end += lengths[i]!;
				i++;
			} while (i < count && end + lengths[i]! + this.#room <= limit);
			const whole = end - start === data.length;
			await part.append(data.subarray(done, done + end - start), whole ? sum : undefined);
			done += end - start;
		}
		if (done !== data.length)
			throw new AfterimageError('failed', `The blocks have ${done} bytes, their lengths say ${data.length}`);
	}
}
