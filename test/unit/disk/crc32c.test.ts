import { expect, test } from 'vitest';
import { crc32c } from '../../../src/disk/crc32c.ts';

const checksum = (bytes: Uint8Array) => (crc32c(0xffffffff, bytes) ^ 0xffffffff) >>> 0;

test('gives the check value of the catalogue of CRCs and the examples of RFC 3720, appendix B.4', () => {
	expect(checksum(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
	expect(checksum(new Uint8Array(32))).toBe(0x8a9136aa);
	expect(checksum(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
	expect(checksum(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
	expect(checksum(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
});

test('gives the same however the bytes are cut', () => {
	const bytes = Uint8Array.from({ length: 61 }, (_, i) => (i * 37) & 0xff);
	const whole = crc32c(0xffffffff, bytes);
	for (let cut = 0; cut <= bytes.length; cut++) {
		const first = crc32c(0xffffffff, bytes, 0, cut);
		expect(crc32c(first, bytes, cut)).toBe(whole);
	}
});
