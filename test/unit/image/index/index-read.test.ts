import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { DeltaIndex } from '../../../../src/image/index/delta-index.ts';
import {
	applyDelta,
	locateIndex,
	readComplete,
	readDelta,
	readReserved,
} from '../../../../src/image/index/index-read.ts';
import { indexPayload, type IndexContent } from '../../../../src/image/index/index-write.ts';
import { md5 } from '../../../../src/image/md5.ts';
import type { MetadataBlock } from '../../../../src/image/metadata/metadata-read.ts';
import { messageOf } from '../structures/message-of.ts';

/** More than two reads of an index, and a short last page. */
const blocks = 200_007;
/** Some of them in every page, the first and the last. */
const some = Array.from({ length: Math.ceil(blocks / 41) }, (_, i) => i * 41).concat(blocks - 1);
const hash = new Uint8Array(16).fill(3);

function indexOf(count: number, stored: readonly number[]): BlockIndex {
	const index = new BlockIndex(count);
	for (const block of stored) index.set(block, block * 1000, hash, 0, block + 1, block % 7);
	return index;
}

/** A file that holds the payload from byte 100 on, and the block that tells of it. */
function written(
	content: IndexContent,
	change: (payload: Buffer) => Buffer = (payload) => payload,
	more: Partial<MetadataBlock> = {},
) {
	const payload = change(Buffer.concat(Array.from(indexPayload(content), (piece) => Buffer.from(piece))));
	const block: MetadataBlock = {
		...{ name: '$INDEX', position: 68, payload: 100, length: payload.length, md5: md5(payload) },
		...{ compressed: false, encrypted: false, last: true },
		...more,
	};
	return { source: new MemoryBytes(Buffer.concat([Buffer.alloc(100), payload])), block };
}

function same(a: BlockIndex, b: BlockIndex): boolean {
	const [one, other] = [new Uint8Array(30), new Uint8Array(30)];
	for (let block = 0; block < a.count; block++) {
		a.copyElement(block, one, 0);
		b.copyElement(block, other, 0);
		if (Buffer.compare(one, other) !== 0) return false;
	}
	return a.count === b.count;
}

describe('an index that takes several reads', () => {
	it('is read as it was written, with its reserved blocks', async () => {
		const content = { reserved: indexOf(3, [0, 1, 2]), blocks: indexOf(blocks, some) };
		const { source, block } = written(content);
		const location = await locateIndex(source, block, false);
		expect(location).toMatchObject({ reservedCount: 3, blockCount: blocks });
		const read = new BlockIndex(blocks);
		await readComplete(source, location, read);
		expect(same(read, content.blocks)).toBe(true);
		expect(same(await readReserved(source, location), content.reserved)).toBe(true);
	});

	it('is read as a delta, and changes what the index before it says', async () => {
		const delta = new DeltaIndex(blocks);
		for (let block = 1; block < blocks; block += 2) delta.stored.set(block, block * 10, hash, 0, 5, 1);
		for (let block = 0; block < blocks; block += 4) delta.freed.add(block);
		const { source, block } = written({ reserved: new BlockIndex(0), blocks: delta });
		const location = await locateIndex(source, block, true);
		const read = new DeltaIndex(blocks);
		await readDelta(source, location, read);
		expect([same(read.stored, delta.stored), read.freed.size()]).toEqual([true, delta.freed.size()]);
		const later = new DeltaIndex(blocks);
		later.stored.set(0, 7, hash, 0, 8, 9);
		later.freed.add(1);
		const after = written({ reserved: new BlockIndex(0), blocks: later });
		await readDelta(after.source, await locateIndex(after.source, after.block, true), read);
		expect([0, 1].map((number) => [read.stored.storedLength(number), read.freed.has(number)])).toEqual([
			[8, false],
			[0, true],
		]);
		const [base, expected] = [indexOf(blocks, some), indexOf(blocks, some)];
		await applyDelta(source, location, base);
		delta.applyTo(expected);
		expect(same(base, expected)).toBe(true);
	});
});

describe('an index', () => {
	const content = { reserved: indexOf(1, [0]), blocks: indexOf(5, [0, 4]) };
	const locate = ({ source, block }: ReturnType<typeof written>, delta = false) => locateIndex(source, block, delta);

	it('is neither compressed nor encrypted', async () => {
		for (const more of [{ compressed: true }, { encrypted: true }])
			expect(await messageOf(() => locate(written(content, undefined, more)))).toMatch(/Flags of \$INDEX at byte 96/);
	});

	it.each([
		[
			'has both of its counts',
			(payload: Buffer) => payload.subarray(0, 3),
			/Length of \$INDEX at byte 76: expected at least 4, found 3/,
		],
		[
			'has no more reserved blocks than there is room for',
			(payload: Buffer) => (payload.writeUInt32LE(7, 0), payload),
			/Count in \$INDEX at byte 100: expected at most 6 elements, found 7/,
		],
		[
			'has no more blocks than there is room for',
			(payload: Buffer) => (payload.writeUInt32LE(6, 34), payload),
			/Count in \$INDEX at byte 134: expected at most 5 elements, found 6/,
		],
		[
			'has nothing behind its blocks',
			(payload: Buffer) => (payload.writeUInt32LE(4, 34), payload),
			/Length of \$INDEX at byte 76: expected 158, found 188/,
		],
	])('%s', async (_, change, message) => {
		expect(await messageOf(() => locate(written(content, change)))).toMatch(message);
	});

	it('has no more blocks than its partition, and the MD5 that is told', async () => {
		const sound = written(content);
		const location = await locate(sound);
		expect(await messageOf(() => readComplete(sound.source, location, new BlockIndex(4)))).toMatch(
			/Count in \$INDEX at byte 134: expected at most 4 elements, found 5/,
		);
		sound.source.bytes[110]! ^= 1;
		expect(await messageOf(() => readComplete(sound.source, location, new BlockIndex(5)))).toMatch(/MD5 of \$INDEX/);
	});

	it('changes blocks of its partition alone', async () => {
		const delta = new DeltaIndex(10);
		delta.freed.add(2);
		delta.stored.set(9, 1, hash, 0, 1, 1);
		const { source, block } = written({ reserved: new BlockIndex(0), blocks: delta });
		const location = await locateIndex(source, block, true);
		expect(await messageOf(() => applyDelta(source, location, new BlockIndex(9)))).toMatch(
			/Block of a delta element at byte 172: expected less than 9, found 9/,
		);
		await applyDelta(source, location, new BlockIndex(10));
	});
});
