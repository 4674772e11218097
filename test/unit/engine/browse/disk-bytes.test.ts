import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkRange, readBytes } from '../../../../src/base/bytes.ts';
import { DiskBytes } from '../../../../src/engine/browse/disk-bytes.ts';
import { extentsOf, type SparseSource } from '../../../../src/engine/browse/sparse-source.ts';

/** A partition of bytes that are stored where they are not 0. */
class FakePartition implements SparseSource {
	readonly #bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get size(): number {
		return this.#bytes.length;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		target.set(this.#bytes.subarray(offset, offset + target.length));
	}

	/** Short ones too: what follows may be of the same kind. */
	extentAt(offset: number, stop: number) {
		const stored = this.#bytes[offset] !== 0;
		let end = offset + 1;
		while (end < stop && end % 5 !== 0 && (this.#bytes[end] !== 0) === stored) end++;
		return { end, stored };
	}
}

const size = 64;
const piece = fc
	.record({ start: fc.nat(size - 1), bytes: fc.array(fc.constantFrom(0, 0, 1, 2, 3), { maxLength: 30 }) })
	.map(({ start, bytes }) => ({ start, bytes: Uint8Array.from(bytes.slice(0, size - start)) }));
const pieces = fc.array(piece, { maxLength: 4 });

it('has what is written last, over partitions, over zeros, and tells what of it is stored', async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pieces, fc.nat(size), fc.nat(size), async (partitions, writes, one, other) => {
			const expected = new Uint8Array(size);
			const stored = new Uint8Array(size);
			for (const { start, bytes } of partitions) {
				for (const [i, byte] of bytes.entries()) {
					if (byte === 0) continue;
					expected[start + i] = byte;
					stored[start + i] = 1;
				}
			}
			for (const { start, bytes } of writes) {
				expected.set(bytes, start);
				stored.fill(1, start, start + bytes.length);
			}
			const disk = new DiskBytes(
				size,
				partitions.map(({ start, bytes }) => ({ start, bytes: new FakePartition(bytes) })),
				writes.map(({ start, bytes }) => ({ offset: start, data: bytes })),
			);
			const [from, to] = [Math.min(one, other), Math.max(one, other)];
			expect(await readBytes(disk, from, to - from)).toEqual(expected.subarray(from, to));

			const found = new Uint8Array(size);
			let at = from;
			let before: boolean | undefined;
			for (const extent of extentsOf(disk, from, to)) {
				expect(extent.end).toBeGreaterThan(at);
				expect(extent.stored).not.toBe(before);
				found.fill(Number(extent.stored), at, extent.end);
				at = extent.end;
				before = extent.stored;
			}
			expect(at).toBe(to);
			expect(found.subarray(from, to)).toEqual(stored.subarray(from, to));
		}),
		{ numRuns: 1000 },
	);
});

it('refuses what lies outside', async () => {
	const disk = new DiskBytes(size, [], []);
	await expect(readBytes(disk, size - 1, 2)).rejects.toMatchObject({ code: 'read-error' });
	await expect(disk.read(size, new Uint8Array(1))).rejects.toMatchObject({ code: 'read-error' });
});
