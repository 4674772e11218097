import { deflateSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compressionType, decompress } from '../../../../src/disk/btrfs/files/decompress.ts';
import { decompressors } from '../../../support/walk-tree.ts';

const content = Uint8Array.from({ length: 10_000 }, (_, i) => (i * i) >> 8);
const padded = (bytes: Uint8Array) => Uint8Array.from([...bytes, ...new Uint8Array(500)]);
const streams: [name: string, type: number, stream: Uint8Array][] = [
	['zlib', compressionType.zlib, deflateSync(content)],
	['zstd', compressionType.zstd, zstdCompressSync(content)],
];

function decoded(type: number, bytes: Uint8Array, length: number): Uint8Array {
	return decompress({ type, bytes, length, sectorSize: 4096, at: 77 }, decompressors);
}

test.each(streams)(
	'%s: what follows the stream is ignored, what it lacks of the last sector is zeros',
	(_, type, stream) => {
		const whole = new Uint8Array(12_288);
		whole.set(content);
		expect(decoded(type, padded(stream), 12_288)).toEqual(whole);
		expect(decoded(type, stream, 10_000)).toEqual(content);
	},
);

test.each(streams)('%s: too long, too short, cut and changed streams are damage', (_, type, stream) => {
	const refusal = (bytes: Uint8Array, length: number) => {
		try {
			decoded(type, bytes, length);
		} catch (error) {
			return error;
		}
		return undefined;
	};
	const damage = { code: 'structure-damaged', message: expect.stringContaining('at byte 77') as string };
	expect(refusal(stream, 8192)).toMatchObject(damage);
	expect(() => decoded(type, stream, 16_384)).toThrow(/length at byte 77: expected 16384, found 10000/);
	expect(refusal(stream.subarray(0, stream.length - 10), 12_288)).toMatchObject(damage);
	expect(refusal(new Uint8Array(100), 12_288)).toMatchObject(damage);
});

test('an unknown way of compressing is not supported', () => {
	expect(() => decoded(4, new Uint8Array(100), 4096)).toThrow(/compression type 4/);
});
