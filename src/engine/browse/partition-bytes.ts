import { checkRange, type ByteSource } from '../../base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { BlockCipher, paddedLength } from '../../image/block-cipher.ts';
import type { BlockIndex } from '../../image/block-index.ts';
import type { ResolvedPartition } from '../../image/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { md5, toHex } from '../../image/md5.ts';
import { reservedBlockSize } from '../../image/partition-layout.ts';
import { BlockCache } from './block-cache.ts';
import type { ImageFiles } from './image-files.ts';
import { runsOf, type StoredBlock } from './stored-runs.ts';

/** Most bytes of the partition that one step of a read decodes. */
const largestStep = 4 * 2 ** 20;

/** Blocks of one size that lie one after the other in a partition. */
interface Stretch {
	readonly reserved: boolean;
	readonly index: BlockIndex;
	/** Byte of the partition of block 0. */
	readonly start: number;
	/** Byte of the partition, exclusive. */
	readonly end: number;
	readonly blockSize: number;
}

/** Bytes of one block that a read asks for. */
interface Piece {
	readonly stretch: Stretch;
	readonly block: number;
	/** Bytes of the block. */
	readonly from: number;
	readonly target: Uint8Array;
}

/** What is read, for messages. */
export interface PartitionName {
	readonly disk: number;
	readonly partition: number;
}

/**
 * The bytes of a partition as they were at a point of a backup set: blocks come from whatever file of the chain has them,
 * are decrypted, decoded and checked by their MD5; what is not stored is zeros. Reads may run beside each other.
 */
export class PartitionBytes implements ByteSource {
	readonly size: number;
	readonly #resolved: ResolvedPartition;
	readonly #files: ImageFiles;
	readonly #codec: BlockCodec;
	readonly #name: PartitionName;
	readonly #cipher: BlockCipher | undefined;
	readonly #stretches: readonly Stretch[];
	readonly #cache = new BlockCache();
	/** Blocks that are being read. */
	readonly #coming = new Map<number, Promise<Uint8Array>>();

	constructor(resolved: ResolvedPartition, files: ImageFiles, codec: BlockCodec, name: PartitionName) {
		const { layout, index, reserved, cipher } = resolved;
		this.size = layout.length;
		this.#resolved = resolved;
		this.#files = files;
		this.#codec = codec;
		this.#name = name;
		this.#cipher = cipher === undefined ? undefined : new BlockCipher(cipher);
		const first = layout.blockStart - layout.start;
		const before = layout.reservedStart - layout.start;
		this.#stretches = [
			{
				reserved: true,
				index: reserved,
				start: before,
				end: reserved.count === 0 ? before : before + layout.reservedLength,
				blockSize: reservedBlockSize,
			},
			{ reserved: false, index, start: first, end: first + layout.blockLength, blockSize: layout.blockSize },
		];
	}

	/**
	 * @throws AfterimageError `read-error`, whose cause is an `image-damaged` naming file, block and range where a block is
	 * damaged; `file-missing` where a file of the chain was replaced or has gone
	 */
	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		for (let done = 0; done < target.length; done += largestStep) {
			await this.#readStep(offset + done, target.subarray(done, Math.min(target.length, done + largestStep)));
		}
	}

	async #readStep(offset: number, target: Uint8Array): Promise<void> {
		const pieces = this.#piecesOf(offset, target);
		const missing: StoredBlock<Piece>[] = [];
		const blocks = new Map<number, Uint8Array | Promise<Uint8Array>>();
		for (const piece of pieces) {
			const { index } = piece.stretch;
			const key = keyOf(piece);
			const there = this.#cache.get(key) ?? this.#coming.get(key);
			if (there !== undefined) blocks.set(key, there);
			else if (index.isHole(piece.block)) piece.target.fill(0);
			else {
				missing.push({
					of: piece,
					fileNumber: index.fileNumber(piece.block),
					position: index.position(piece.block),
					length: index.storedLength(piece.block),
				});
			}
		}
		for (const run of runsOf(missing)) {
			const bytes = this.#readRun(run);
			for (const stored of run) {
				const key = keyOf(stored.of);
				const coming = this.#decodeFrom(bytes, run, stored).finally(() => this.#coming.delete(key));
				// Whoever reads the block hears what is wrong with it; nobody might.
				coming.catch(() => undefined);
				this.#coming.set(key, coming);
				blocks.set(key, coming);
			}
		}
		for (const piece of pieces) {
			const block = await blocks.get(keyOf(piece));
			if (block !== undefined) piece.target.set(block.subarray(piece.from, piece.from + piece.target.length));
		}
	}

	/** Zeros what no block covers. */
	#piecesOf(offset: number, target: Uint8Array): Piece[] {
		const pieces: Piece[] = [];
		const stop = offset + target.length;
		let covered = offset;
		for (const stretch of this.#stretches) {
			const { start, end, blockSize } = stretch;
			const from = Math.max(offset, start);
			target.subarray(covered - offset, Math.max(covered, Math.min(from, stop)) - offset).fill(0);
			for (let at = from; at < Math.min(stop, end);) {
				const block = Math.floor((at - start) / blockSize);
				const next = Math.min(stop, end, start + (block + 1) * blockSize);
				const bytes = target.subarray(at - offset, next - offset);
				pieces.push({ stretch, block, from: at - start - block * blockSize, target: bytes });
				at = next;
			}
			covered = Math.max(covered, Math.min(stop, end));
		}
		target.subarray(covered - offset).fill(0);
		return pieces;
	}

	/** The stored bytes of a run. A run that cannot be read as a whole is no error yet: its blocks are then read one by one. */
	async #readRun(run: readonly StoredBlock<Piece>[]): Promise<Uint8Array | undefined> {
		const first = run[0]!;
		if (this.#placeFault(first) !== undefined) return undefined;
		const bytes = new Uint8Array(Math.max(...run.map((one) => one.position + one.length)) - first.position);
		try {
			await this.#files.read(first.fileNumber, first.position, bytes);
			return bytes;
		} catch (error) {
			if (!isAfterimageError(error, 'read-error')) throw error;
			return undefined;
		}
	}

	/** What makes it pointless to read a block; runs are of blocks that all have nothing of it, or of one block. */
	#placeFault({ fileNumber, position, length }: StoredBlock<Piece>): string | undefined {
		const file = this.#files.get(fileNumber);
		if (file === undefined) return `file number ${fileNumber} is not in the backup set`;
		if (position + length <= file.size) return undefined;
		return `bytes ${position} to ${position + length} lie outside the file's ${file.size} bytes`;
	}

	async #decodeFrom(
		reading: Promise<Uint8Array | undefined>,
		run: readonly StoredBlock<Piece>[],
		stored: StoredBlock<Piece>,
	): Promise<Uint8Array> {
		const whole = await reading;
		const fault = this.#placeFault(stored);
		if (fault !== undefined) throw await this.#damage(stored, fault);
		let bytes: Uint8Array;
		if (whole === undefined) {
			bytes = new Uint8Array(stored.length);
			await this.#readOne(stored, bytes);
		} else {
			const at = stored.position - run[0]!.position;
			bytes = whole.subarray(at, at + stored.length);
		}
		const block = this.#decode(stored, bytes);
		if (typeof block === 'string') throw await this.#damage(stored, block);
		this.#cache.set(keyOf(stored.of), block);
		return block;
	}

	async #readOne({ fileNumber, position }: StoredBlock<Piece>, bytes: Uint8Array): Promise<void> {
		try {
			await this.#files.read(fileNumber, position, bytes);
		} catch (error) {
			if (isAfterimageError(error, 'read-error')) await this.#files.checkUnchanged(fileNumber);
			throw error;
		}
	}

	/** The raw block, or what is wrong with the stored bytes. */
	#decode({ of: { stretch, block } }: StoredBlock<Piece>, stored: Uint8Array): Uint8Array | string {
		const length = Math.min(stretch.blockSize, stretch.end - stretch.start - block * stretch.blockSize);
		const raw = new Uint8Array(length);
		try {
			// In place: encrypted blocks never share stored bytes, each has its own initialisation vector.
			this.#cipher?.decrypt(block, stored);
			if (this.#resolved.compressed) {
				const found = this.#codec.decompress(stored, raw);
				if (found !== length) return `decoded length: expected ${length} bytes, found ${found}`;
			} else {
				const expected = this.#cipher === undefined ? length : paddedLength(length);
				if (stored.length !== expected) return `stored length: expected ${expected} bytes, found ${stored.length}`;
				raw.set(stored.subarray(0, length));
			}
		} catch (error) {
			if (isAfterimageError(error, 'image-damaged')) return error.message;
			throw error;
		}
		const expected = new Uint8Array(16);
		stretch.index.copyMd5(block, expected);
		const found = md5(raw);
		return Buffer.compare(found, expected) === 0 ? raw : `MD5: expected ${toHex(expected)}, found ${toHex(found)}`;
	}

	/** @throws AfterimageError `file-missing` when the file is not the one that the indexes are of: it may be sound */
	async #damage({ fileNumber, position, of }: StoredBlock<Piece>, reason: string): Promise<AfterimageError> {
		const file = this.#files.get(fileNumber);
		if (file !== undefined) await this.#files.checkUnchanged(fileNumber);
		const { stretch, block } = of;
		const start = stretch.start + block * stretch.blockSize;
		const end = Math.min(stretch.end, start + stretch.blockSize);
		const { disk, partition } = this.#name;
		const message =
			`Disk ${disk}, partition ${partition}, ${stretch.reserved ? 'reserved block' : 'block'} ${block}: ` +
			`bytes ${start} to ${end - 1}, at byte ${position} of ${file?.path ?? `file ${fileNumber}`}: ${reason}`;
		const cause = new AfterimageError('image-damaged', message, {
			advice: 'What does not lie there can still be read. Take it from another backup.',
			details: { path: file?.path ?? '', disk, partition, block, start, end, position },
		});
		return new AfterimageError('read-error', message, { cause });
	}
}

/** Tells blocks apart, reserved ones by numbers below 0. */
function keyOf({ stretch, block }: Piece): number {
	return stretch.reserved ? -1 - block : block;
}
