import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { decodeLzoSegments } from '../../../../src/disk/btrfs/files/lzo-segments.ts';
import { decodeLzo1x } from '../../../../src/disk/btrfs/files/lzo1x.ts';

const bytesOf = (hexText: string) => Uint8Array.from(Buffer.from(hexText.replaceAll(' ', ''), 'hex'));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const end = '11 00 00';

function decode(stream: string | Uint8Array, room = 100_000): Uint8Array {
	const target = new Uint8Array(room);
	return target.subarray(0, decodeLzo1x(typeof stream === 'string' ? bytesOf(stream) : stream, target, 0));
}

/** Literals alone: any bytes as a stream. */
function literalStream(bytes: Uint8Array): Uint8Array {
	const more = bytes.length - 18;
	if (more <= 0) throw new Error('too short for this way of writing');
	const zeros = Math.ceil(more / 255) - 1;
	return Uint8Array.of(0, ...new Uint8Array(zeros), more - zeros * 255, ...bytes, 0x11, 0, 0);
}

function segmented(streams: readonly Uint8Array[], sectorSize: number): Uint8Array {
	const all: number[] = [0, 0, 0, 0];
	for (const stream of streams) {
		while (sectorSize - (all.length % sectorSize) < 4) all.push(0);
		all.push(stream.length & 255, stream.length >> 8, 0, 0, ...stream);
	}
	all[0] = all.length & 255;
	all[1] = (all.length >> 8) & 255;
	all[2] = all.length >> 16;
	return Uint8Array.from(all);
}

function unsegmented(source: Uint8Array, length: number, sectorSize = 4096): Uint8Array {
	const target = new Uint8Array(length);
	return target.subarray(0, decodeLzoSegments(source, target, sectorSize, 0));
}

const instructions: [what: string, stream: string, expected: string][] = [
	['one literal at the start, which a near match of two bytes follows', `12 61 00 00 ${end}`, 'aaa'],
	['three literals at the start', `14 616263 ${end}`, 'abc'],
	['four literals at the start, a run', `15 61626364 ${end}`, 'abcd'],
	['a run of 3 with no literals before', `01 61626364 ${end}`, 'abcd'],
	['a run of 18 and more', `00 01 ${'61'.repeat(19)} ${end}`, 'a'.repeat(19)],
	['a run of 273 and more', `00 00 02 ${'61'.repeat(275)} ${end}`, 'a'.repeat(275)],
	['a match of 3 and one of 4 near by', `15 61626364 4c 00 6c 00 ${end}`, 'abcdabcdabc'],
	['matches of 5 and 8', `15 61626364 8c 00 ec 00 ${end}`, 'abcd' + 'abcda' + 'bcdabcda'],
	['literals after a match', `15 61626364 4d 00 78 ${end}`, 'abcdabcx'],
	['a match of two bytes after literals', `15 61626364 4d 00 78 04 01 ${end}`, 'abcdabcxcd'],
	['literals after a match of two bytes', `15 61626364 4e 00 7879 01 00 7a ${end}`, 'abcdabcxyyyz'],
	['a match of 33 at most 16 KiB away', `15 61626364 3f 0c 00 ${end}`, 'abcd' + 'abcd'.repeat(8) + 'a'],
	['one of more than 33', `15 61626364 20 01 0d 00 78 ${end}`, 'abcd' + 'abcd'.repeat(8) + 'ab' + 'x'],
	['one of more than 288', `15 61626364 20 00 01 0c 00 ${end}`, 'abcd' + 'abcd'.repeat(72) + 'a'],
];

test.each(instructions)('LZO: %s', (_, stream, expected) => {
	expect(text(decode(stream))).toBe(expected);
});

test('LZO: matches from far away', () => {
	const start = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
	const literals = literalStream(start).slice(0, -3);
	const next = (more: string) =>
		decode(Uint8Array.from([...literals, ...bytesOf(more), ...bytesOf(end)])).slice(20_000);
	const back = (distance: number, count: number) => start.slice(20_000 - distance, 20_000 - distance + count);
	// Three bytes after a run of literals, 2049 to 3072 bytes away.
	expect(next('00 00')).toEqual(back(2049, 3));
	expect(next('0c ff')).toEqual(back(3072, 3));
	expect(next('21 fc ff')).toEqual(back(16384, 3));
	expect(next('13 04 00')).toEqual(back(16385, 5));
	expect(next('10 02 14 09')).toEqual(back(16384 + 0x0245, 11));
	const longer = Uint8Array.from([...literals, ...bytesOf('19 00 00'), ...bytesOf(end)]);
	expect(() => decode(longer)).toThrow(/a distance of at most 20000, found 32768/);
});

const faults: [what: string, stream: string, message: RegExp][] = [
	['an empty one', '', /found its end/],
	['no end', '15 61626364', /found its end/],
	['literals that are not there', '20 6162', /expected 15 literals, found 2/],
	['a length without end', '00 00 00', /found its end/],
	['a match from before the start', '12 61 04 00', /distance of at most 1, found 2/],
	['bytes behind its end', `12 61 ${end} 00`, /expected its end, found 1 more/],
	['more literals than there is room for', `${'fe'}${'61'.repeat(237)} ${end}`, /at most 100 bytes, found more/],
	['a longer match than there is room for', `15 61626364 20 00 01 0c 00 ${end}`, /at most 100 bytes, found more/],
];

test.each(faults)('LZO with %s is damage', (_, stream, message) => {
	expect(() => decode(stream, 100)).toThrow(message);
});

test('LZO: whatever the bytes are, they are decoded within the room or refused', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (stream) => {
			try {
				expect(decode(stream, 500).length).toBeLessThanOrEqual(500);
			} catch (error) {
				if (!(error instanceof AfterimageError)) throw error;
				expect(error.code).toBe('structure-damaged');
			}
		}),
		{ numRuns: 2000 },
	);
});

/** As Linux 6.18 wrote them, with compress-force=lzo. */
const written: [what: string, content: Uint8Array, stored: readonly string[]][] = [
	[
		'numbers that repeat',
		Buffer.from(Array.from({ length: 1300 }, (_, i) => (i * i) % 97).join(' ')),
		[
			'2a01000022010000007e302031203420392031362032352033362034392036342038312033203234203437203732203220333120363220',
			'39352033332037302031322035332039362034342039312034332039342035302038203635203237203838203534203232203839203631',
			'203335203131203836203636203438203332203138203620393320383520373920373520373320373320373578010d3835203933203620',
			'313820333220343878060538362031312033357a0938396a0b35347a0c3237680e0a382035302039342034332039319112366214313272',
			'1533336217363270180132203732701a0132342033721c3634611e33901f06313620392034203120200000000000000000000000000038',
			'4c040e3232203839203631203335203131203836110000',
		],
	],
	[
		'numbers that hardly repeat',
		Buffer.from(Array.from({ length: 400 }, (_, i) => (i * i) % (30 + Math.floor(i / 9))).join(' ')),
		[
			'870200007f0200000002302031203420392031362032352036203139203470000e372032382032302031342031302038203879003427a0',
			'0003342031372030730034203367073136208407730220342028a4000a3220313520333020313320333280010636203420323920323164',
			'0303313120392039d406f810950532880e093236203720323720313220338814800d93003420312adc00f20733366a1532357d1232680d',
			'691c326012290001093420322033372033332033318900337901326607333069013470136b102031387e01313662023335622233387117',
			'362840022b6001f012780e740ea52b33761e31396d06338b0a352038752036740f701b7c2d840d0432312037203432762532347e053235',
			'74332a740564170537203339203433207033681401302034347a21312076063920912534a13a347e1534337a083432763b343984310333',
			'20343920349e1031326c012b200330dc012e9c06711a396c26752d3660080939203236203435203131203375403464200133322031791b',
			'316d1a397e1435347d013468180131392031781d6c2d04362035322033357c4e0137203534620933389134309902377e18313766313135',
			'724f32316c4330a40571253578040532372034312035379b363420359e2135306c4a0138203531780201343120388311302039643d8d2e',
			'37682b0131382035893234720831367c08744b645f6528367012023136203634681f2bec042b3000e4422dc00ad026274c0db6293634e8',
			'65802a7901326f443532208c4565123068179068631a352034916f3468267c380433203520343020a131358d1836702c621c3532757530',
			'6216323860070231382036359c1b013920373268080e3338203234203130203633203434203237110000',
		],
	],
	[
		'two sectors of zeros, and part of a third',
		new Uint8Array(9000),
		[
			'870000002c00000002000000000020000000000000000000000000000000da10000c0000000000000000000000000000001100002c0000',
			'0002000000000020000000000000000000000000000000da10000c0000000000000000000000000000001100001f000000020000000000',
			'200000f510000c000000000000000000000000000000110000',
		],
	],
];

test.each(written)('what Linux made of %s is decoded', (_, content, stored) => {
	expect(unsegmented(bytesOf(stored.join('')), content.length)).toEqual(Uint8Array.from(content));
});

test('the length of a segment is never divided by the border of a sector', () => {
	const sector = (seed: number) => Uint8Array.from({ length: 64 }, (_, i) => (i * seed + 1) & 0xff);
	// With sectors of 64 bytes: the stream of one takes 2 + 64 + 3 bytes, so that all places of the border are met.
	const sectors = Array.from({ length: 40 }, (_, i) => sector(i + 3));
	const source = segmented(sectors.map(literalStream), 64);
	expect(unsegmented(source, 40 * 64, 64)).toEqual(Uint8Array.from(sectors.flatMap((one) => [...one])));
});

test('segments that do not fit are damage', () => {
	const stream = literalStream(new Uint8Array(64).fill(1));
	const short = literalStream(new Uint8Array(40).fill(2));
	const with32 = (source: Uint8Array, at: number, value: number) => {
		new DataView(source.buffer).setUint32(at, value, true);
		return source;
	};
	const both = () => segmented([stream, stream], 64);
	expect(() => unsegmented(Uint8Array.of(4, 0, 0), 128, 64)).toThrow(/length at byte 0: expected 4 to 3, found 0/);
	expect(() => unsegmented(with32(both(), 0, 1000), 128, 64)).toThrow(/length at byte 0: .* found 1000/);
	expect(() => unsegmented(with32(both(), 4, 0), 128, 64)).toThrow(/length of a segment at byte 4/);
	expect(() => unsegmented(with32(both(), 4, 0xffff_fff0), 128, 64)).toThrow(/length of a segment at byte 4/);
	expect(() => unsegmented(segmented([short, stream], 64), 128, 64)).toThrow(/last segment/);
	expect(() => unsegmented(segmented([literalStream(new Uint8Array(65))], 64), 128, 64)).toThrow(/at most 64 bytes/);
	// What the caller has no room for is not looked at.
	expect(unsegmented(both(), 64, 64)).toEqual(new Uint8Array(64).fill(1));
});
