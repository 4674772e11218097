import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { checksumMatches, dataChecksum, dataChecksumSize } from '../../../../src/disk/btrfs/checksum.ts';
import { blake2b } from '../../../../src/disk/btrfs/blake2b.ts';
import { xxhash64 } from '../../../../src/disk/btrfs/xxhash64.ts';
import { hex } from '../../../support/hex.ts';

const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

test('BLAKE2b of 64 bytes is that of OpenSSL at every length around a block', () => {
	for (const length of [0, 1, 127, 128, 129, 255, 256, 257, 1000, 16352]) {
		const bytes = ramp(length);
		expect(hex(blake2b(bytes, 0, length, 64))).toBe(createHash('blake2b512').update(bytes).digest('hex'));
	}
});

/** By Python's hashlib.blake2b(..., digest_size=32). */
test('BLAKE2b of 32 bytes is that of another implementation', () => {
	expect(hex(blake2b(new Uint8Array(0), 0, 0, 32))).toBe(
		'0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
	);
	expect(hex(blake2b(ramp(4100), 4, 4100, 32))).toBe(
		'cea7517e86a2e5f59b1e04e3ac098668bb21bca546f0314c2afe6e992bd4031d',
	);
});

/** By libxxhash 0.8, whose canonical form is big-endian. */
test('XXH64 is that of another implementation at every length around its steps', () => {
	const known: [number, string][] = [
		[0, 'ef46db3751d8e999'],
		[1, 'e934a84adb052768'],
		[3, '9ff70a635a6209ab'],
		[4, 'ae5acdc00a55ac41'],
		[7, 'd734a6b26f3da63e'],
		[8, '87116b3365b924eb'],
		[31, '0f187c62b1e722b7'],
		[32, '91b0cb0931a8c629'],
		[33, '931b043cf8d65b94'],
		[63, '219110bf13e2fa26'],
		[64, 'bf3052e3445775d0'],
		[79, 'e4e589158e6e0c1a'],
		[4064, '32d111337eef27a0'],
		[16352, '8a1235e01c0326a4'],
	];
	for (const [length, hash] of known) expect(hex(xxhash64(ramp(length), 0, length).reverse())).toBe(hash);
});

test('every byte of a checksum counts, of whatever kind it is', () => {
	for (const type of [0, 1, 2, 3]) {
		const block = ramp(4096);
		const hash = dataChecksum(type, block.subarray(32));
		expect(hash).toHaveLength(dataChecksumSize(type));
		block.set(hash);
		expect(checksumMatches(type, block)).toBe(true);
		for (let i = 0; i < hash.length; i++) {
			const other = block.slice();
			other[i]! ^= 0x10;
			expect(checksumMatches(type, other)).toBe(false);
		}
		block[4095]! ^= 1;
		expect(checksumMatches(type, block)).toBe(false);
	}
	expect(checksumMatches(4, ramp(4096))).toBe(false);
});
