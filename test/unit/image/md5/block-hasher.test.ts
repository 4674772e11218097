import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeMd5, openNativeMd5 } from '../../../../native/kernels.ts';
import { compileMd5, createBlockHasher, type BlockHasher } from '../../../../src/image/md5/block-hasher.ts';

const module = compileMd5();

/** Puts blocks of the given lengths at odd places of the hasher's buffer and compares each digest with OpenSSL's. */
function check(hasher: BlockHasher, lengths: readonly number[], gap: number): void {
	const starts = new Uint32Array(lengths.length);
	let at = gap;
	lengths.forEach((length, i) => {
		starts[i] = at;
		at += length + gap;
	});
	hasher.buffer.set(randomBytes(at));
	const before = Buffer.from(hasher.buffer.subarray(0, at));
	const target = new Uint8Array(16 * lengths.length);
	hasher.digest(starts, Uint32Array.from(lengths), lengths.length, target);
	lengths.forEach((length, i) => {
		const block = hasher.buffer.subarray(starts[i], starts[i]! + length);
		const found = Buffer.from(target.subarray(16 * i, 16 * i + 16)).toString('hex');
		expect(found, `block ${i} of ${lengths.length}, ${length} bytes`).toBe(
			createHash('md5').update(block).digest('hex'),
		);
	});
	expect(before.equals(hasher.buffer.subarray(0, at)), 'blocks are left as they were').toBe(true);
}

/** Which of the native ones are there is what test/unit/native/kernels.test.ts holds. */
const kernels = [module, ...nativeMd5().map((name) => openNativeMd5(name))];

describe.each<[string, BlockHasher]>([
	['WebAssembly SIMD', createBlockHasher(1 << 22, module)],
	['node:crypto', createBlockHasher(1 << 22, undefined)],
	...nativeMd5().map((name): [string, BlockHasher] => [name, createBlockHasher(1 << 22, openNativeMd5(name))]),
])('block hasher by %s', (name, hasher) => {
	it('says what it is', () => {
		expect(hasher.name).toBe(name);
		expect(hasher.buffer.length).toBe(1 << 22);
	});

	it.each([1, 2, 3, 8, 9, 16, 17, 32, 33, 70])('hashes %i blocks of every length from 0 to 300', (count) => {
		for (let length = 0; length <= 300; length++) check(hasher, Array<number>(count).fill(length), 0);
	});

	it('hashes blocks of 64 KiB and a short last one', () => {
		check(hasher, [...Array<number>(32).fill(65536), 12345], 0);
	});

	it('hashes any mixture of lengths, wherever the blocks lie', () => {
		const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 5000 })), {
			maxLength: 8,
		});
		fc.assert(
			fc.property(lengths, fc.integer({ min: 0, max: 70 }), (runs, gap) => {
				check(
					hasher,
					runs.flatMap(([count, length]) => Array<number>(count).fill(length)),
					gap,
				);
			}),
		);
	});

	it('does not let idle lanes follow a block of another length', () => {
		const end = hasher.buffer.length;
		const target = new Uint8Array(64);
		hasher.digest(Uint32Array.of(0, 0, 0, end - 10), Uint32Array.of(300_000, 300_000, 300_000, 10), 4, target);
		const last = createHash('md5')
			.update(hasher.buffer.subarray(end - 10))
			.digest();
		expect(Buffer.compare(target.subarray(48), last)).toBe(0);
	});

	it('refuses a block outside its buffer', () => {
		const digest = (start: number, length: number) => () =>
			hasher.digest(
				Uint32Array.of(0, 0, 0, start),
				Uint32Array.of(length, length, length, length),
				4,
				new Uint8Array(64),
			);
		expect(digest((1 << 22) - 63, 64)).toThrow(RangeError);
		expect(digest((1 << 22) - 64, 64)).not.toThrow();
	});
});

it('gives the digests of RFC 1321, appendix A.5', () => {
	const suite = { a: '0cc175b9c0f1b6a831c399e269772661', abc: '900150983cd24fb0d6963f7d28e17f72' };
	for (const hasher of kernels.map((each) => createBlockHasher(1024, each))) {
		for (const [text, digest] of Object.entries(suite)) {
			const lengths = new Uint32Array(16).fill(text.length);
			hasher.buffer.set(Buffer.from(text));
			const target = new Uint8Array(256);
			hasher.digest(new Uint32Array(16), lengths, 16, target);
			expect(Buffer.from(target.subarray(240)).toString('hex'), hasher.name).toBe(digest);
		}
	}
});
