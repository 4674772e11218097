import { expect, it } from 'vitest';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { DeltaIndex } from '../../../../src/image/index/delta-index.ts';
import { indexPayload, indexPayloadLength } from '../../../../src/image/index/index-write.ts';

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

it('a delta changes what it stores and what it frees in a complete index, nothing else', () => {
	const complete = new BlockIndex(1000);
	const md5 = new Uint8Array(16);
	for (const block of [0, 1, 500, 999]) complete.set(block, block, md5, 0, 5, 0);
	const delta = new DeltaIndex(1000);
	for (const block of [1, 2, 998]) delta.stored.set(block, block + 7000, md5, 0, 6, 1);
	for (const block of [0, 999]) delta.freed.add(block);
	delta.applyTo(complete);
	const found = new Map<number, number>();
	for (let block = complete.next(0); block < 1000; block = complete.next(block + 1))
		found.set(block, complete.position(block));
	expect([...found]).toEqual([
		[1, 7001],
		[2, 7002],
		[500, 500],
		[998, 7998],
	]);
});
