import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { decryptMetadata } from '../../../../src/image/block-cipher.ts';
import { Footer, MetadataHeader } from '../../../../src/image/metadata/metadata-header.ts';
import { readFooter, readList, readPayload } from '../../../../src/image/metadata/metadata-read.ts';
import { encodeFooter, encodeMetadataBlock } from '../../../../src/image/metadata/metadata-write.ts';
import { hex } from '../../../support/hex.ts';
import { codec } from '../backups.ts';
import { messageOf } from '../structures/message-of.ts';

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
	const lastEmpty = encodeMetadataBlock('$BITMAP', new Uint8Array(0), { last: true });

	it('have their payload checked before it is used', async () => {
		const flipped = Buffer.from(json);
		flipped[32]! ^= 1;
		const read = async (bytes: Uint8Array, most: number) => {
			const [block] = await readList(image(bytes), 0, bytes.length);
			return readPayload(image(bytes), block!, most, { codec });
		};
		expect(await messageOf(() => read(flipped, 10))).toMatch(/MD5 of \$JSON at byte 32: expected 9991.*, found/);
		expect([hex(await read(json, 2)), hex(await read(lastEmpty, 0))]).toEqual(['7b7d', '']);
		expect(await messageOf(() => read(json, 1))).toMatch(/Length of \$JSON at byte 8: expected at most 1, found 2/);
		const zeros = encodeMetadataBlock('$TRACK0', new Uint8Array(100000), { last: true, codec });
		expect(zeros.length).toBeLessThan(200);
		expect(await messageOf(() => read(zeros, 99999))).toMatch(/Content of \$TRACK0 at byte 32: expected at most 99999/);
		expect(await read(zeros, 100000)).toHaveLength(100000);
		const short = { ...codec, decompress: () => 99998 };
		const [block] = await readList(image(zeros), 0, zeros.length);
		expect(await messageOf(() => readPayload(image(zeros), block!, 100000, { codec: short }))).toMatch(
			/Content of \$TRACK0 at byte 32: expected 100000, found 99998/,
		);
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
