import { checkRange } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { Extent, SparseSource } from '../../../../src/engine/browse/sparse-source.ts';
import type { Export } from '../../../../src/engine/serve/exports.ts';

export const mebibyte = 2 ** 20;

/** Numbers that tell places apart; every other mebibyte, from the second on, is a hole. */
export class FakeSource implements SparseSource {
	readonly size: number;
	/** Bytes that cannot be read. */
	readonly bad = new Set<number>();
	/** Reads that are under way, and the most that ever were. */
	reading = 0;
	mostReading = 0;
	reads = 0;
	/** How many reads go well at most. */
	goodReads = Infinity;
	/** What every read waits for. */
	gate: Promise<void> = Promise.resolve();

	constructor(size = 8 * mebibyte) {
		this.size = size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		this.reads++;
		this.mostReading = Math.max(this.mostReading, ++this.reading);
		await this.gate;
		this.reading--;
		if (this.reads > this.goodReads) throw new AfterimageError('read-error', 'The disk has gone');
		for (const place of this.bad) {
			if (place >= offset && place < offset + target.length) {
				throw new AfterimageError('read-error', `Block of byte ${place} is damaged`);
			}
		}
		for (let i = 0; i < target.length; i++) target[i] = byteAt(offset + i);
	}

	extentAt(offset: number, stop: number): Extent {
		const end = (Math.floor(offset / mebibyte) + 1) * mebibyte;
		return { end: Math.min(stop, end), stored: isStored(offset) };
	}
}

export function isStored(offset: number): boolean {
	return Math.floor(offset / mebibyte) % 2 === 0;
}

export function byteAt(offset: number): number {
	return isStored(offset) ? (offset * 31 + Math.floor(offset / 256)) & 0xff : 0;
}

export function bytesAt(offset: number, length: number): Buffer {
	return Buffer.from(Uint8Array.from({ length }, (_, i) => byteAt(offset + i)));
}

export function exportOf(name: string, source: SparseSource, sectorSize = 512): Export {
	return { name, description: `What ${name} is`, source, sectorSize };
}
