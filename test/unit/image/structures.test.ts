import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../src/base/errors.ts';
import { BlockCipher, decryptMetadata } from '../../../src/image/block-cipher.ts';
import { BlockIndex } from '../../../src/image/block-index.ts';
import { BlockSet } from '../../../src/image/block-set.ts';
import { blockSizeFor } from '../../../src/image/block-size.ts';
import { DeltaIndex } from '../../../src/image/delta-index.ts';
import { decodeEpt, encodeEpt } from '../../../src/image/ept.ts';
import { imageFileName, numbersOfName } from '../../../src/image/file-name.ts';
import { indexPayload, indexPayloadLength } from '../../../src/image/index-write.ts';
import { CopyCursor } from '../../../src/image/merge/copy-cursor.ts';
import { CopyList } from '../../../src/image/merge/copy-list.ts';
import { Footer, MetadataHeader } from '../../../src/image/metadata-header.ts';
import { readFooter, readList, readPayload } from '../../../src/image/metadata-read.ts';
import { encodeFooter, encodeMetadataBlock } from '../../../src/image/metadata-write.ts';
import { deriveKey, passwordTest, unlock } from '../../../src/image/password.ts';
import type { SetMember } from '../../../src/image/set-member.ts';
import { track0Length } from '../../../src/image/track0.ts';
import { codec } from './backups.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The message of what is thrown, when it is an error of ours. */
async function messageOf(run: () => unknown): Promise<string> {
	try {
		await run();
		return 'nothing thrown';
	} catch (error) {
		return isAfterimageError(error) ? `${error.code}: ${error.message}` : `not ours: ${String(error)}`;
	}
}

describe('metadata blocks', () => {
	it('have the offsets of the published layout', () => {
		expect([MetadataHeader.size, MetadataHeader.offset]).toEqual([
			32,
			{ name: 0, length: 8, md5: 12, flags: 28, reserved: 29 },
		]);
		expect([Footer.size, Footer.offset]).toEqual([20, { rootPosition: 0, magic: 8 }]);
	});

	it('are written to the byte', () => {
		const block = encodeMetadataBlock('$EPT', Buffer.from('abc'), { last: true });
		expect(hex(block)).toBe(
			'2445505420202020' + '03000000' + '900150983cd24fb0d6963f7d28e17f72' + '01' + '000000' + '616263',
		);
		const empty = encodeMetadataBlock('$BITMAP', new Uint8Array(0), { last: false, codec });
		expect(hex(empty)).toBe('244249544d415020' + '00000000' + '00'.repeat(16) + '02' + '000000');
		expect(hex(encodeFooter(0x0102030405))).toBe('0504030201000000' + hex(Buffer.from('MACRIUM_FILE')));
	});

	const image = (...blocks: Uint8Array[]) => new MemoryBytes(Buffer.concat(blocks));
	const json = encodeMetadataBlock('$JSON', Buffer.from('{}'), { last: true });

	it('skip what they do not know by its length', async () => {
		const foreign = encodeMetadataBlock('$MINE' as never, new Uint8Array(50), { last: false });
		const list = await readList(image(foreign, json), 0, foreign.length + json.length);
		expect(list.map((block) => [block.name, block.payload, block.length])).toEqual([
			['$MINE', 32, 50],
			['$JSON', 114, 2],
		]);
	});

	it('are refused with their place', async () => {
		const long = Buffer.from(json);
		long.writeUInt32LE(3, 8);
		expect(await messageOf(() => readList(image(long), 0, long.length))).toBe(
			'image-damaged: Length of $JSON at byte 8: expected at most 2, found 3',
		);
		const open = Buffer.from(json);
		open[28] = 0;
		expect(await messageOf(() => readList(image(open), 0, open.length))).toMatch(
			/Metadata header at byte 34: expected 32/,
		);
		const nameless = Buffer.from(json);
		nameless[0] = 0;
		expect(await messageOf(() => readList(image(nameless), 0, nameless.length))).toMatch(/Metadata name at byte 0/);
		const endless = image(...Array.from({ length: 5000 }, () => Buffer.from(empty)));
		expect(await messageOf(() => readList(endless, 0, endless.size))).toMatch(/at most 4096 blocks/);
	});

	const empty = encodeMetadataBlock('$BITMAP', new Uint8Array(0), { last: false });

	it('have their payload checked before it is used', async () => {
		const flipped = Buffer.from(json);
		flipped[32]! ^= 1;
		const read = async (bytes: Uint8Array, most: number) => {
			const [block] = await readList(image(bytes), 0, bytes.length);
			return readPayload(image(bytes), block!, most, { codec });
		};
		expect(await messageOf(() => read(flipped, 10))).toMatch(/MD5 of \$JSON at byte 32: expected 9991.*, found/);
		expect(await messageOf(() => read(json, 1))).toMatch(/Length of \$JSON at byte 8: expected at most 1, found 2/);
		const zeros = encodeMetadataBlock('$TRACK0', new Uint8Array(100000), { last: true, codec });
		expect(zeros.length).toBeLessThan(200);
		expect(await messageOf(() => read(zeros, 99999))).toMatch(/Content of \$TRACK0 at byte 32: expected at most 99999/);
		expect(await read(zeros, 100000)).toHaveLength(100000);
	});

	it('are decrypted with the key, or ask for it', async () => {
		const key = createHash('sha256').update('key').digest();
		const cipher = createCipheriv('aes-128-ecb', key.subarray(0, 16), null).setAutoPadding(false);
		const frame = Buffer.alloc(64);
		codec.compress(Buffer.from('boot sectors'), frame, 1);
		const secret = encodeMetadataBlock('$TRACK0', cipher.update(frame), { last: true });
		secret[28] = 7;
		const [block] = await readList(image(secret), 0, secret.length);
		const open = { aes: 'aes-128' as const, key };
		expect(hex(await readPayload(image(secret), block!, 100, { codec, cipher: open }))).toBe(
			hex(Buffer.from('boot sectors')),
		);
		expect(await messageOf(() => readPayload(image(secret), block!, 100, { codec }))).toMatch(/^password-needed/);
		expect(await messageOf(() => decryptMetadata('aes-128', key, new Uint8Array(17)))).toMatch(
			/multiple of 16, found 17/,
		);
	});

	it.each([
		['a short file', Buffer.from('MACRIUM_FILE'), /Footer at byte 0: expected a file of 20 bytes or more, found 12/],
		['another end', Buffer.alloc(60, 65), /Footer magic at byte 48: expected MACRIUM_FILE, found "AAAA/],
		[
			'a position behind it',
			Buffer.concat([json, encodeFooter(3)]),
			/Footer position at byte 34: expected at most 2, found 3/,
		],
		[
			'a position beyond 2^53',
			Buffer.concat([json, Buffer.alloc(8, 255), Buffer.from('MACRIUM_FILE')]),
			/Footer position at byte 34: expected at most 2, found Infinity/,
		],
	])('end with a footer: %s is refused', async (_, bytes, message) => {
		expect(await messageOf(() => readFooter(new MemoryBytes(bytes)))).toMatch(message);
	});
});

describe('encryption', () => {
	it('derives the key and the test of the password as published', async () => {
		// ENCRYPTION.md of the published format; recomputed with Python's hashlib and hmac.
		const key = await deriveKey('password', '2394E9AA621DDC3A', 1000);
		expect(hex(key)).toBe('bf10e4c3f235ab91d4b95d86f3a74af7cc2d8a77fc9c485febf88d3ea0264021');
		expect(passwordTest(key)).toBe('6eefca0ecbf90ef046bdf7eae96ad9e04facfb7bda6dcb5b9830e25dfa560d9a');
	});

	it('tells a wrong password from a missing one', async () => {
		const key = await deriveKey('right', '2394E9AA621DDC3A', 10);
		const encryption = {
			enable: true,
			aes_type: 'aes-256' as const,
			key_derivation: 'pbkdf2' as const,
			key_iterations: 10,
			hmac: passwordTest(key).toUpperCase(),
		};
		expect(hex((await unlock(encryption, '2394E9AA621DDC3A', 'right'))!)).toBe(hex(key));
		expect(await messageOf(() => unlock(encryption, '2394E9AA621DDC3A', 'wrong'))).toMatch(/^wrong-password/);
		expect(await messageOf(() => unlock(encryption, '2394E9AA621DDC3A', undefined))).toMatch(/^password-needed/);
		expect(await unlock({ ...encryption, enable: false }, '2394E9AA621DDC3A', undefined)).toBeUndefined();
	});

	it('takes the numbers of disk and partition and the block into the initialisation vector', () => {
		const key = new Uint8Array(32).fill(1);
		const spec = { aes: 'aes-192' as const, key, imageId: Buffer.from('0102030405060708', 'hex') };
		const plain = Buffer.from('0102030405060708' + '0400' + '0500' + '06000000', 'hex');
		const ecb = createCipheriv('aes-256-ecb', createHash('sha256').update(key).digest(), null);
		const cipher = new BlockCipher({ ...spec, diskNumber: 4, partitionNumber: 5 });
		expect(hex(cipher.vector(6))).toBe(hex(ecb.update(plain)));
		const block = Buffer.alloc(32, 9);
		expect(cipher.encrypt(7, block, 20)).toBe(32);
		cipher.decrypt(7, block);
		expect(hex(block)).toBe('09'.repeat(20) + '00'.repeat(12));
		expect(() => cipher.decrypt(7, new Uint8Array(15))).toThrow(/multiple of 16, found 15/);
	});
});

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

describe('BlockIndex', () => {
	const md5 = new Uint8Array(16).fill(0xee);

	it('keeps the 30 bytes of an element as the file has them', () => {
		const index = new BlockIndex(10000);
		index.set(5000, 0x12_3456_789a, md5, 0, 0x01020304, 0x0506);
		const bytes = new Uint8Array(30);
		index.copyElement(5000, bytes, 0);
		expect(hex(bytes)).toBe('9a78563412000000' + 'ee'.repeat(16) + '04030201' + '0605');
		expect([index.position(5000), index.storedLength(5000), index.fileNumber(5000)]).toEqual([
			0x12_3456_789a, 0x01020304, 0x0506,
		]);
		expect([index.next(0), index.next(5001), index.countStored()]).toEqual([5000, 10000, 1]);
		index.move(5000, 7, 8);
		expect([index.position(5000), index.storedLength(5000), index.fileNumber(5000)]).toEqual([7, 0x01020304, 8]);
		const other = new BlockIndex(10000);
		other.copyFrom(index, 5000);
		expect([other.next(0), other.hasMd5(5000, md5, 0)]).toEqual([5000, true]);
		other.copyFrom(new BlockIndex(10000), 5000);
		expect(other.countStored()).toBe(0);
	});

	it('loads pages, keeping those alone that have something', () => {
		const bytes = new Uint8Array(3 * BlockIndex.pageSize - 600);
		bytes[BlockIndex.pageSize + 24] = 1;
		const index = new BlockIndex(3 * BlockIndex.perPage);
		index.set(0, 1, md5, 0, 1, 1);
		index.loadPages(0, bytes);
		expect([index.next(0), index.countStored(), index.pageBytes(2)]).toEqual([BlockIndex.perPage, 1, undefined]);
		bytes[2 * BlockIndex.pageSize + 24] = 1;
		index.loadPages(0, bytes);
		expect(index.pageBytes(2)).toHaveLength(BlockIndex.pageSize);
		expect(index.countStored()).toBe(2);
	});

	it('keeps apart the pages of several slabs, in whatever order they come', () => {
		const pages = 3000;
		const index = new BlockIndex(pages * BlockIndex.perPage);
		const order = Array.from({ length: pages }, (_, i) => (i * 7) % pages);
		for (const page of order)
			index.set(page * BlockIndex.perPage + (page % 64), page + 2 ** 40, md5, 0, page + 1, page % 9);
		for (let page = 0; page < pages; page++) {
			const block = page * BlockIndex.perPage + (page % 64);
			expect([index.position(block), index.storedLength(block), index.fileNumber(block)]).toEqual([
				page + 2 ** 40,
				page + 1,
				page % 9,
			]);
		}
		expect(index.countStored()).toBe(pages);
	});
});

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

it('BlockSet keeps its members in order', () => {
	const set = new BlockSet(20000);
	for (const block of [19999, 4096, 7, 8]) set.add(block);
	const members: number[] = [];
	for (let block = set.next(0); block < 20000; block = set.next(block + 1)) members.push(block);
	expect(members).toEqual([7, 8, 4096, 19999]);
	expect([set.size(), set.has(7), set.has(9)]).toEqual([4, true, false]);
	set.delete(7);
	expect([set.size(), set.has(7), set.next(0)]).toEqual([3, false, 8]);
});

describe('CopyList', () => {
	const source = { path: '/b/1.mrimgx' } as SetMember;
	const list = (...blocks: [number, number][]) => {
		const made = new CopyList(source);
		for (const [position] of blocks) made.add(position);
		made.sort();
		for (const [position, length] of blocks) made.setLength(position, length);
		return made;
	};

	/** The pieces that are read, each as its ranges: list, position and length. */
	function piecesOf(lists: readonly CopyList[], most: number, columns = 100) {
		const ranges = {
			fileNumbers: new Uint16Array(columns),
			positions: new Float64Array(columns),
			lengths: new Uint32Array(columns),
		};
		const cursor = new CopyCursor(lists);
		const found: number[][] = [];
		for (let count = cursor.next(ranges, most); count > 0; count = cursor.next(ranges, most)) {
			const places = Array.from({ length: count }, (_, i) => i);
			found.push(places.flatMap((i) => [ranges.fileNumbers[i]!, ranges.positions[i]!, ranges.lengths[i]!]));
		}
		return found;
	}

	it('copies each block once, in the order of the file, neighbours together', () => {
		const made = list([500, 10], [100, 20], [500, 10], [120, 5]);
		expect(made.place(1000)).toBe(1035);
		expect([100, 120, 500].map((position) => made.target(position))).toEqual([1000, 1020, 1025]);
		expect(piecesOf([made], 1000)).toEqual([[0, 100, 25, 0, 500, 10]]);
	});

	it('goes on with the next list where one ends, also one without blocks', () => {
		expect(piecesOf([list([100, 20]), list(), list([120, 20])], 1000)).toEqual([[0, 100, 20, 2, 120, 20]]);
	});

	it('ends a piece when it is large enough, within a block if need be, or has no more columns', () => {
		expect(piecesOf([list([0, 30], [30, 30])], 40)).toEqual([
			[0, 0, 40],
			[0, 40, 20],
		]);
		expect(piecesOf([list([0, 100])], 40)).toEqual([
			[0, 0, 40],
			[0, 40, 40],
			[0, 80, 20],
		]);
		expect(piecesOf([list([0, 10], [20, 10], [40, 10], [50, 10])], 1000, 2)).toEqual([
			[0, 0, 10, 0, 20, 10],
			[0, 40, 20],
		]);
		expect(piecesOf([], 40)).toEqual([]);
	});

	it('refuses blocks that overlap or have two lengths', async () => {
		expect(await messageOf(() => list([100, 20], [110, 20]).place(0))).toMatch(
			/1\.mrimgx: stored block at byte 110: expected no overlap/,
		);
		expect(await messageOf(() => list([100, 20], [100, 21]))).toMatch(
			/stored block at byte 100: expected 20 bytes, found 21/,
		);
	});
});

it.each([
	[1, 64],
	[4 * 2 ** 40, 64],
	[5 * 2 ** 40, 128],
	[8 * 2 ** 40, 128],
	[16 * 2 ** 40, 256],
	[64 * 2 ** 40, 1024],
])('a partition of %i bytes has blocks of %i KiB', (length, kib) => {
	expect(blockSizeFor(length)).toBe(kib * 1024);
	expect(Math.ceil(length / blockSizeFor(length)) * 30).toBeLessThan(2 ** 31);
});

it.each([
	[1 << 20, 1 << 30, 1 << 20],
	[17408, 1 << 30, 17408],
	[0, 1 << 30, 32256],
	[32256, 1 << 30, 32256],
	[1 << 29, 1 << 30, 1 << 20],
	[0, 4096, 4096],
])('first partition at %i of %i: $TRACK0 has %i bytes', (first, disk, length) => {
	expect(track0Length(first, disk)).toBe(length);
});

it('names files by set and numbers', () => {
	expect(imageFileName('0123456789abcdef', '', 0, 0)).toBe('0123456789ABCDEF-00-00.mrimgx');
	expect(imageFileName('0123456789ABCDEF', 'my disk', 3, 120)).toBe('0123456789ABCDEF-my disk-03-120.mrimgx');
	expect(numbersOfName('B:\\x\\0123456789ABCDEF-my disk-03-120.mrimgx')).toEqual({
		incrementNumber: 3,
		fileNumber: 120,
	});
	expect(numbersOfName('renamed.mrimgx')).toBeUndefined();
});
