import { expect, it } from 'vitest';
import { BlockIndex } from '../../../../src/image/block-index.ts';
import { DeltaIndex } from '../../../../src/image/delta-index.ts';
import { indexPayload, indexPayloadLength } from '../../../../src/image/index-write.ts';

it('a delta is written in order, however long it is', () => {
	const delta = new DeltaIndex(100000);
	const md5 = new Uint8Array(16);
	for (let block = 0; block < 30000; block += 3) delta.stored.set(block, block * 10, md5, 0, 5, 1);
	for (let block = 1; block < 30000; block += 6) delta.freed.add(block);
	const content = { reserved: new BlockIndex(0), blocks: delta };
	const payload = Buffer.concat(Array.from(indexPayload(content), (piece) => Buffer.from(piece)));
	expect(payload.length).toBe(indexPayloadLength(content));
	expect([payload.readUInt32LE(0), payload.readUInt32LE(4)]).toEqual([0, 15000]);
	const elements = Array.from({ length: 15000 }, (_, i) => {
		const at = 8 + i * 34;
		return [payload.readUInt32LE(at + 30), Number(payload.readBigInt64LE(at)), payload.readUInt32LE(at + 24)];
	});
	const expected = Array.from({ length: 30000 }, (_, block) => block)
		.filter((block) => block % 3 === 0 || block % 6 === 1)
		.map((block) => (block % 3 === 0 ? [block, block * 10, 5] : [block, 0, 0]));
	expect(elements).toEqual(expected);
});
