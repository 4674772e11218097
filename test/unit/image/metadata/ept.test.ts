import { describe, expect, it } from 'vitest';
import { decodeEpt, encodeEpt } from '../../../../src/image/metadata/ept.ts';
import { hex } from '../../../support/hex.ts';
import { messageOf } from '../structures/message-of.ts';

describe('$EPT', () => {
	const record = { sector: new Uint8Array(512).fill(7), diskOffset: 0x1_0000_0200, partitionNumber: 5 };

	it('has elements of 528 bytes after a count', () => {
		const payload = encodeEpt([record, { ...record, partitionNumber: 6 }]);
		expect(payload).toHaveLength(4 + 2 * 528);
		expect(hex(payload.subarray(0, 5))).toBe('0200000007');
		expect(hex(payload.subarray(516, 532))).toBe('0002000001000000' + '0500' + '000000000000');
		expect(decodeEpt(payload, 0, 2 ** 40).map((r) => [r.diskOffset, r.partitionNumber])).toEqual([
			[0x1_0000_0200, 5],
			[0x1_0000_0200, 6],
		]);
	});

	it('ignores its count, and refuses a sector beyond the disk', async () => {
		const payload = encodeEpt([record]);
		payload[0] = 200;
		expect(decodeEpt(payload, 0, 2 ** 40)).toHaveLength(1);
		expect(await messageOf(() => decodeEpt(payload, 1000, 2 ** 32))).toMatch(
			/\$EPT record 0 at byte 1004: expected a sector/,
		);
		payload.fill(255, 516, 524);
		expect(await messageOf(() => decodeEpt(payload, 0, 2 ** 40))).toMatch(/an offset of 2\^53 or more/);
	});
});
