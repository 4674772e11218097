import { expect, test } from 'vitest';
import { bitmapChecksumMask, crc16, descriptorChecksum } from '../../../../src/disk/ext/checksum.ts';
import { slowCrc16, slowCrc32c } from './make-volume.ts';

const digits = new TextEncoder().encode('123456789');

test('crc16 gives the check value of CRC-16/ARC, whole and in pieces', () => {
	expect(crc16(0, digits)).toBe(0xbb3d);
	expect(crc16(crc16(0, digits, 0, 4), digits, 4)).toBe(0xbb3d);
	expect(slowCrc16(0, digits)).toBe(0xbb3d);
});

test("a descriptor's checksum leaves out its own field, or counts it as zero", () => {
	const table = Uint8Array.from({ length: 192 }, (_, i) => i);
	const number = [0x04, 0x03, 0x02, 0x01];
	for (const size of [32, 64]) {
		const raw = table.subarray(64, 64 + size);
		const narrow = slowCrc16(0x1234, [...number, ...raw.subarray(0, 0x1e), ...raw.subarray(0x20)]);
		expect(descriptorChecksum({ kind: 'crc16', seed: 0x1234 }, 0x01020304, table, 64, size)).toBe(narrow);
		const wide = slowCrc32c(0x12345678, [...number, ...raw.subarray(0, 0x1e), 0, 0, ...raw.subarray(0x20)]);
		expect(descriptorChecksum({ kind: 'crc32c', seed: 0x12345678 }, 0x01020304, table, 64, size)).toBe(wide & 0xffff);
	}
});

test("narrow descriptors hold half of a bitmap's checksum", () => {
	expect(bitmapChecksumMask(32)).toBe(0xffff);
	expect(bitmapChecksumMask(64)).toBe(0xffffffff);
});
