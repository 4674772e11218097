import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { RecentMap } from '../../base/recent-map.ts';

/** Bytes of a piece: a multiple of 3, so that no pair of 12-bit entries is cut, and of 4. */
const pieceLength = 48 * 1024;
/** Pieces that are kept: 1.5 MiB. */
const mostPieces = 32;

export type EntryKind = 'FAT12' | 'FAT16' | 'FAT32' | 'exFAT';

export interface AllocationTableShape {
	readonly kind: EntryKind;
	/** Bytes from the volume's start. */
	readonly offset: number;
	readonly clusterCount: number;
}

const bitsOf: Readonly<Record<EntryKind, number>> = { FAT12: 12, FAT16: 16, FAT32: 32, exFAT: 32 };
/** The lowest value that ends a chain. exFAT has but one; on FAT, all of the last eight do. */
const endOf: Readonly<Record<EntryKind, number>> = {
	FAT12: 0xff8,
	FAT16: 0xfff8,
	FAT32: 0x0fff_fff8,
	exFAT: 0xffff_ffff,
};
const badOf: Readonly<Record<EntryKind, number>> = {
	FAT12: 0xff7,
	FAT16: 0xfff7,
	FAT32: 0x0fff_fff7,
	exFAT: 0xffff_fff7,
};

/** Consecutive entries of the table, in memory. */
export interface TablePiece {
	readonly first: number;
	/** Exclusive. */
	readonly end: number;
	readonly view: DataView;
}

/** The file allocation table of a FAT or exFAT volume, read in pieces of which the last few are kept. */
export class AllocationTable {
	readonly shape: AllocationTableShape;
	readonly #volume: ByteSource;
	readonly #bits: number;
	readonly #pieces = new RecentMap<number, TablePiece>(mostPieces);

	constructor(volume: ByteSource, shape: AllocationTableShape) {
		this.shape = shape;
		this.#volume = volume;
		this.#bits = bitsOf[shape.kind];
	}

	/** Byte of a cluster's entry in the volume, for messages. */
	locate(cluster: number): number {
		return this.shape.offset + Math.floor((cluster * this.#bits) / 8);
	}

	isCluster(value: number): boolean {
		return value >= 2 && value <= this.shape.clusterCount + 1;
	}

	endsChain(value: number): boolean {
		return value >= endOf[this.shape.kind];
	}

	/** An entry that leads nowhere, in words. */
	describe(value: number): string {
		if (value === 0) return 'the mark of a free cluster';
		return value === badOf[this.shape.kind] ? 'the mark of a bad cluster' : `cluster ${value}`;
	}

	/** The piece with the entry of `cluster`, which is one of the volume. @throws AfterimageError `read-error`, `cancelled` */
	async piece(cluster: number, signal: AbortSignal | undefined): Promise<TablePiece> {
		const entries = (pieceLength * 8) / this.#bits;
		const index = Math.floor(cluster / entries);
		const known = this.#pieces.get(index);
		if (known !== undefined) return known;
		const piece = await this.#read(index * entries, entries, signal);
		this.#pieces.set(index, piece);
		return piece;
	}

	async #read(first: number, entries: number, signal: AbortSignal | undefined): Promise<TablePiece> {
		throwIfAborted(signal);
		const end = Math.min(first + entries, this.shape.clusterCount + 2);
		const length = Math.ceil(((end - first) * this.#bits) / 8);
		const bytes = await readBytes(this.#volume, this.shape.offset + (first * this.#bits) / 8, length);
		return { first, end, view: new DataView(bytes.buffer) };
	}

	/** The entry of a cluster that lies in `piece`. */
	entry(piece: TablePiece, cluster: number): number {
		const i = cluster - piece.first;
		switch (this.shape.kind) {
			case 'FAT12': {
				const pair = piece.view.getUint16((i * 3) >>> 1, true);
				return (i & 1) === 0 ? pair & 0xfff : pair >>> 4;
			}
			case 'FAT16':
				return piece.view.getUint16(i * 2, true);
			case 'FAT32':
				return piece.view.getUint32(i * 4, true) & 0x0fff_ffff;
			case 'exFAT':
				return piece.view.getUint32(i * 4, true);
		}
	}
}
