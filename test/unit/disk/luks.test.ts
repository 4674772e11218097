import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../src/base/bytes.ts';
import { readLuksHeader } from '../../../src/disk/luks/header.ts';
import { luks2, luksUuid as uuid, segment } from './small-luks.ts';

const mebibyte = 2 ** 20;

const read = (bytes: Uint8Array) => readLuksHeader(new MemoryBytes(bytes));
const withSegments = (...segments: unknown[]) => ({ segments: { ...segments }, config: { json_size: '12288' } });

describe('the header of LUKS2', () => {
	it('tells where the data lie: to the end, or as long as it says', async () => {
		expect(await read(luks2(withSegments(segment)))).toEqual({ uuid, dataStart: mebibyte, dataEnd: 4 * mebibyte });
		const short = await read(luks2(withSegments({ ...segment, size: '2097152' })));
		expect(short).toEqual({ uuid, dataStart: mebibyte, dataEnd: 3 * mebibyte });
	});

	it.each([
		['two segments', withSegments(segment, { ...segment, offset: '2097152' }), /found 2 data segments/],
		['another kind', withSegments({ ...segment, type: 'linear' }), /of the type "linear"/],
		['checksums', withSegments({ ...segment, integrity: { type: 'hmac(sha256)' } }), /checksums beside the data/],
		[
			'what it requires',
			{ ...withSegments(segment), config: { requirements: { mandatory: ['online-reencrypt-v2'] } } },
			/requirements .*online-reencrypt/,
		],
	])('does not tell it with %s', async (_, json, why) => {
		await expect(read(luks2(json))).rejects.toMatchObject({
			code: 'not-supported',
			message: expect.stringMatching(why) as string,
		});
	});

	it.each([
		['no JSON', '{', /found no JSON/],
		['no segments', {}, /segments = undefined/],
		['a segment that is none', withSegments(7), /a segment = 7/],
		['a number as none', withSegments({ ...segment, offset: 4096 }), /offset = 4096/],
		['a number that is too large', withSegments({ ...segment, offset: '99999999999999999999' }), /offset/],
		['data outside', withSegments({ ...segment, offset: '4194304' }), /within the volume's/],
		['data behind the end', withSegments({ ...segment, size: '4194304' }), /within the volume's/],
		['data in front of all', withSegments({ ...segment, offset: '0' }), /behind its header/],
	])('is damaged with %s', async (_, json, why) => {
		await expect(read(luks2(json))).rejects.toMatchObject({
			code: 'structure-damaged',
			message: expect.stringMatching(why) as string,
		});
	});

	it('is damaged when its checksum is wrong, its size cannot be, or it is cut', async () => {
		const changed = luks2(withSegments(segment));
		changed[0x3000] = 1;
		await expect(read(changed)).rejects.toThrow(/LUKS2 checksum/);
		await expect(read(luks2(withSegments(segment), 2 ** 40))).rejects.toThrow(/LUKS2 header size/);
		await expect(read(luks2(withSegments(segment)).subarray(0, 8192))).rejects.toThrow(/LUKS2 header size/);
		await expect(read(new Uint8Array(100))).rejects.toThrow(/LUKS header/);
	});
});

it('the header of LUKS1 tells the sector at which the data begin', async () => {
	const bytes = luks2({});
	bytes[7] = 1;
	new DataView(bytes.buffer).setUint32(0x68, 4096, false);
	expect(await read(bytes)).toEqual({ uuid, dataStart: 2 * mebibyte, dataEnd: 4 * mebibyte });
});
