import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged, isAfterimageError } from '../../../base/errors.ts';
import { dataChecksum, dataChecksumSize } from '../checksum.ts';
import type { ChunkMap } from '../chunk-map.ts';
import type { ExtentSink } from '../../files.ts';
import type { DataChecksums } from './data-checksums.ts';
import type { BtrfsSuperblock } from '../superblock.ts';

/** Reads data by its logical addresses, from whichever copy fits its checksum. */
export class DataReader {
	readonly #source: ByteSource;
	readonly #sb: BtrfsSuperblock;
	readonly #chunks: ChunkMap;
	readonly #checksums: DataChecksums;

	constructor(source: ByteSource, sb: BtrfsSuperblock, chunks: ChunkMap, checksums: DataChecksums) {
		this.#source = source;
		this.#sb = sb;
		this.#chunks = chunks;
		this.#checksums = checksums;
	}

	/**
	 * How many bytes from `logical` on lie in one piece.
	 * @throws AfterimageError `structure-damaged` when that is less than a sector
	 */
	contiguous(logical: number): number {
		const length = (this.#chunks.chunkEnd(logical) ?? logical) - logical;
		if (length >= this.#sb.sectorsize) return length;
		throw damaged('structure-damaged', 'Btrfs data', logical, 'an address in a chunk', logical);
	}

	/** Where data lies on the device, in its first copy, for messages. @throws as {@link contiguous} */
	place(logical: number): number {
		return this.#places(logical, this.#sb.sectorsize)[0]!;
	}

	/**
	 * Tells where a range lies on the device, each copy of it.
	 * @throws AfterimageError `structure-damaged` when a part lies in no chunk
	 */
	locate(logical: number, length: number, sink: ExtentSink): void {
		for (let at = logical; at < logical + length;) {
			const piece = Math.min(logical + length - at, this.contiguous(at));
			for (const place of this.#places(at, piece)) sink.add(place, place + piece);
			at += piece;
		}
	}

	/**
	 * Fills `target`, whole sectors in one chunk.
	 * @param check whether the data has checksums
	 * @throws AfterimageError `structure-damaged` when no copy fits the checksum, `read-error` when none can be read
	 */
	async read(logical: number, target: Uint8Array, check: boolean): Promise<void> {
		const { sectorsize, csumType } = this.#sb;
		const places = this.#places(logical, target.length);
		const sums = check ? await this.#checksums.of(logical, target.length / sectorsize) : undefined;
		let read = true;
		try {
			await this.#source.read(places[0]!, target);
		} catch (error) {
			if (places.length < 2 || !isAfterimageError(error, 'read-error')) throw error;
			read = false;
		}
		if (read && sums === undefined) return;
		const size = dataChecksumSize(csumType);
		for (let at = 0, i = 0; at < target.length; at += sectorsize, i++) {
			const sector = target.subarray(at, at + sectorsize);
			const sum = sums?.subarray(i * size, (i + 1) * size);
			if (read && this.#fits(sector, sum)) continue;
			const other = places[1] === undefined ? undefined : await this.#sector(places, at, sum);
			if (other === undefined) throw this.#wrongSum(places[0]! + at, sum!, sector);
			sector.set(other);
		}
	}

	/** The first copy of a sector that can be read and fits. @returns undefined when some can be read and none fits */
	async #sector(places: readonly number[], at: number, sum: Uint8Array | undefined): Promise<Uint8Array | undefined> {
		let failure: unknown;
		for (const place of places) {
			try {
				const sector = await readBytes(this.#source, place + at, this.#sb.sectorsize);
				if (this.#fits(sector, sum)) return sector;
			} catch (error) {
				if (!isAfterimageError(error, 'read-error')) throw error;
				failure = error;
			}
		}
		if (failure !== undefined) throw failure as Error;
		return undefined;
	}

	#fits(sector: Uint8Array, sum: Uint8Array | undefined): boolean {
		return sum === undefined || Buffer.compare(dataChecksum(this.#sb.csumType, sector), sum) === 0;
	}

	#wrongSum(at: number, expected: Uint8Array, sector: Uint8Array): Error {
		const found = hexText(dataChecksum(this.#sb.csumType, sector));
		return damaged('structure-damaged', 'Btrfs data, checksum of a sector', at, hexText(expected), found);
	}

	#places(logical: number, length: number): number[] {
		const places: number[] = [];
		if (this.#chunks.locate(logical, length, (place) => places.push(place))) return places;
		throw damaged('structure-damaged', 'Btrfs data', logical, 'a range in a chunk', `${length} bytes`);
	}
}

function hexText(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('hex');
}
