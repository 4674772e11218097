import { describe, expect, it } from 'vitest';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { decodeLznt1 } from '../../../../src/disk/ntfs/packing/lznt1.ts';
import { decodeLzx } from '../../../../src/disk/ntfs/packing/lzx.ts';
import { openWof } from '../../../../src/disk/ntfs/files/wof.ts';
import { decodeXpressHuffman } from '../../../../src/disk/ntfs/packing/xpress-huffman.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { packedSample, sampleBytes } from './packed-samples.ts';

function hex(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

type Decoder = (source: Uint8Array, target: Uint8Array, at: number) => void;

function decoded(decode: Decoder, source: Uint8Array, length: number): string {
	const target = new Uint8Array(length).fill(0xee);
	decode(source, target, 0);
	return Buffer.from(target).toString('latin1');
}

/** What the damage is. */
function damage(decode: Decoder, source: Uint8Array, length: number): string {
	try {
		decode(source, new Uint8Array(length), 0);
	} catch (error) {
		expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
		return (error as Error).message;
	}
	return 'none';
}

describe('LZNT1', () => {
	const chunk = hex(`38 b0 88 46 23 20 00 20 47 20 41 00 10 a2 47 01 a0 45 20 44 00 08 45 01 50 79 00 c0 45 20 05 24
		13 88 05 b4 02 4a 44 ef 03 58 02 8c 09 16 01 48 45 00 be 00 9e 00 04 01 18 90 00`);
	const text =
		'F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# ' +
		'F# G A A G F# E D D E F# E D D\0';

	it('decodes the example of its specification', () => {
		expect(decoded(decodeLznt1, chunk, 142)).toBe(text);
	});

	it('fills with zeros what chunks leave, the short ones before the last included', () => {
		const stored = hex('02 30 61 62 63');
		const all = decoded(decodeLznt1, Uint8Array.from([...chunk, ...stored, 0, 0, 7]), 12_288);
		expect(all).toBe(`${text}${'\0'.repeat(4096 - 142)}abc${'\0'.repeat(8192 - 3)}`);
		expect(decoded(decodeLznt1, new Uint8Array(0), 5)).toBe('\0'.repeat(5));
	});

	it('has 12 bits for the distance at the end of a chunk', () => {
		// A byte, a match of 4095 bytes (the longest) of it, and nothing more fits.
		expect(decoded(decodeLznt1, hex('03 b0 02 78 fc 0f'), 4096)).toBe('x'.repeat(4096));
		expect(damage(decodeLznt1, hex('03 b0 02 78 fd 0f'), 4096)).toContain('at most 4096 bytes');
	});

	it.each([
		['another signature', '03 90 02 78 fc 0f', 'signature'],
		['a chunk that is cut off', '04 b0 02 78 fc 0f', 'chunk, length'],
		['a match that begins before the chunk', '03 b0 02 78 fc 1f', 'match'],
		['a match without anything before it', '02 b0 01 00 00', 'match'],
		['half a match', '02 b0 02 78 fc', 'match'],
	])('refuses %s', (_, bytes, what) => {
		expect(damage(decodeLznt1, hex(bytes), 4096)).toContain(what);
	});

	it('refuses a stored chunk that is longer than what is left', () => {
		expect(damage(decodeLznt1, hex(`09 30 ${'41'.repeat(10)}`), 9)).toContain('at most 9');
	});
});

describe('XPRESS with Huffman codes', () => {
	/** @param lengths of codes by symbol */
	const table = (lengths: Readonly<Record<number, number>>) => {
		const bytes = new Uint8Array(256);
		for (const [symbol, length] of Object.entries(lengths))
			bytes[Number(symbol) >>> 1]! |= length << (Number(symbol) % 2 === 0 ? 0 : 4);
		return bytes;
	};
	const letters = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [0x61 + i, i < 22 ? 5 : 4]));
	const alphabet = [...table({ ...letters, 256: 4 }), ...hex('d8523ed794115be9195ff9d67cdf8d0400000000')];
	const repeated = [...table({ 0x61: 3, 0x62: 3, 0x63: 2, 256: 2, 287: 2 }), ...hex('a8dc0000ff2601')];

	it('decodes the examples of its specification', () => {
		expect(decoded(decodeXpressHuffman, Uint8Array.from(alphabet), 26)).toBe('abcdefghijklmnopqrstuvwxyz');
		expect(decoded(decodeXpressHuffman, Uint8Array.from(repeated), 300)).toBe('abc'.repeat(100));
	});

	it.each<[string, readonly number[], number, string]>([
		['less than a table', alphabet.slice(0, 255), 26, 'at least 256'],
		['too many codes', [...table({ 1: 1, 2: 1, 3: 1 }), 0, 0], 1, 'code lengths'],
		['too few codes', [...table({ 1: 1, 2: 2 }), 0, 0], 1, 'code lengths'],
		['no code', [...table({}), 0, 0], 1, 'symbols'],
		['an end before the last byte', alphabet.slice(0, 256 + 12), 26, 'an end before'],
		['a match longer than the chunk', repeated, 299, 'match, length'],
		['a match that begins before the chunk', [...table({ 0x61: 1, 0x1f0: 1 }), 0xff, 0xff], 9, 'match, distance'],
	])('refuses %s', (_, bytes, length, what) => {
		expect(damage(decodeXpressHuffman, Uint8Array.from(bytes), length)).toContain(what);
	});
});

describe('LZX', () => {
	/** Words of the bits given, the highest first. */
	const words = (bits: string) => {
		const padded = bits.replaceAll(' ', '').padEnd(Math.ceil(bits.replaceAll(' ', '').length / 16) * 16, '0');
		return [...padded.matchAll(/(.{8})(.{8})/g)].flatMap(([, high, low]) => [parseInt(low!, 2), parseInt(high!, 2)]);
	};
	const size = (length: number) => length.toString(2).padStart(16, '0');
	const distances = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];

	it('decodes blocks of bytes as they are, of odd lengths too', () => {
		const first = [...words(`011 0 ${size(3)}`), ...distances, 0x61, 0x62, 0x63, 0];
		const second = [...words(`011 0 ${size(2)}`), ...distances, 0x64, 0x65];
		expect(decoded(decodeLzx, Uint8Array.from([...first, ...second]), 5)).toBe('abcde');
		// The byte that evens the last block out may be missing.
		expect(decoded(decodeLzx, Uint8Array.from(first.slice(0, -1)), 3)).toBe('abc');
	});

	it.each([
		['a whole word of padding where a word is used up', 'abba', 16],
		['what is left of a word', 'abbab', 15],
	])('skips %s before bytes as they are', (_, literals, padding) => {
		const lengths = (used: Readonly<Record<number, number>>) =>
			Array.from({ length: 20 }, (_unused, i) => (used[i] ?? 0).toString(2).padStart(4, '0')).join('');
		// 18, in one bit, repeats 20 zeros and more; 17 four; 16 is a code of one bit.
		const letters = `${lengths({ 16: 2, 17: 2, 18: 1 })} 011111 011010 10 10 ${'011111'.repeat(3)} 110000`;
		const none = (last: string) => `${lengths({ 17: 1, 18: 1 })} ${'111111'.repeat(4)} 1${last}`;
		const text = [...literals].map((letter) => (letter === 'a' ? '0' : '1')).join('');
		const block = `001 0 ${size(literals.length)} ${letters} ${none('10000')} ${none('11001')} ${text}`;
		const stored = [...words(`${block} 011 0 ${size(2)} ${'0'.repeat(padding)}`), ...distances, 0x63, 0x64];
		expect(decoded(decodeLzx, Uint8Array.from(stored), literals.length + 2)).toBe(`${literals}cd`);
	});

	it('decodes a whole chunk of bytes as they are', () => {
		const bytes = randomNumbers(4)
			.fill(new Uint8Array(32_768))
			.fill(0, 0, 32_768 - 9000);
		const chunk = Uint8Array.from([...words('011 1'), ...distances, ...bytes]);
		const target = new Uint8Array(32_768);
		decodeLzx(chunk, target, 0);
		// Calls are translated in what is stored as it is too.
		const differences = target.reduce((sum, byte, i) => sum + (byte === bytes[i] ? 0 : 1), 0);
		expect(differences).toBeLessThan(50 * 4);
	});

	it('translates calls back, in the range that is translated and nowhere else', () => {
		const call = (target: number) => [0xe8, ...new Uint8Array(Int32Array.of(target).buffer)];
		const stored = [...call(100), ...call(-5), ...call(-11), ...call(12_000_000), ...call(15), 1, 2, 3, 4, 5];
		const chunk = [...words(`011 0 ${size(stored.length)}`), ...distances, ...stored];
		const target = new Uint8Array(stored.length);
		decodeLzx(Uint8Array.from(chunk), target, 0);
		const view = new DataView(target.buffer);
		expect([0, 5, 10, 15, 20].map((at) => view.getInt32(at + 1, true))).toEqual([
			100,
			-5 + 12_000_000,
			-11,
			12_000_000,
			15,
		]);
	});

	it.each<[string, readonly number[], string]>([
		['a block of type 0', words(`000 0 ${size(3)}`), 'block, type'],
		['a block of no bytes', words(`011 0 ${size(0)}`), 'block, size'],
		['a block longer than the chunk', words(`011 0 ${size(4)}`), 'block, size'],
		['nothing', [], 'block, size'],
		['bytes that are cut off', [...words(`011 0 ${size(3)}`), ...distances, 0x61, 0x62], 'an end before'],
		['codes of no symbols', words(`001 0 ${size(3)}`), 'symbols'],
		['code lengths that leave bits without a symbol', words(`001 0 ${size(3)} 0001`), 'code lengths'],
	])('refuses %s', (_, bytes, what) => {
		expect(damage(decodeLzx, Uint8Array.from(bytes), 3)).toContain(what);
	});
});

/** Data of a reparse point of WOF. */
function wofInformation(algorithm: number, provider = 2, version = 1, providerVersion = 1): Uint8Array {
	return new Uint8Array(Uint32Array.of(version, provider, providerVersion, algorithm).buffer);
}

describe('files that WOF keeps compressed', () => {
	const bytes = sampleBytes();
	const samples = [
		['xpress4k', 0],
		['lzx', 1],
		['xpress8k', 2],
		['xpress16k', 3],
	] as const;

	it.each(samples)('reads %s whole, in pieces, and backwards', async (name, algorithm) => {
		const source = openWof(wofInformation(algorithm), new MemoryBytes(packedSample(name)), bytes.length, 0);
		const whole = new Uint8Array(bytes.length);
		await source.read(0, whole);
		expect(Buffer.compare(whole, bytes)).toBe(0);
		for (let at = bytes.length - 777; at >= 0; at -= 3001) {
			const piece = new Uint8Array(777);
			await source.read(at, piece);
			expect(Buffer.compare(piece, bytes.subarray(at, at + 777))).toBe(0);
		}
		const together = [0, 20_000, 4000, 39_000].map(async (at) => {
			const piece = new Uint8Array(1000);
			await source.read(at, piece);
			return Buffer.compare(piece, bytes.subarray(at, at + 1000));
		});
		expect(await Promise.all(together)).toEqual([0, 0, 0, 0]);
	});

	it('reads chunks that are stored as they are, an empty file, and tables of wide entries', async () => {
		const data = randomNumbers(2).fill(new Uint8Array(5000));
		const packed = Uint8Array.from([...new Uint8Array(Uint32Array.of(4096).buffer), ...data]);
		const out = new Uint8Array(5000);
		await openWof(wofInformation(0), new MemoryBytes(packed), 5000, 0).read(0, out);
		expect(out).toEqual(data);
		await openWof(wofInformation(0), new MemoryBytes(new Uint8Array(0)), 0, 0).read(0, new Uint8Array(0));

		const size = 2 ** 32 + 4096;
		const chunks = size / 4096;
		const wide = {
			size: (chunks - 1) * 8 + chunks * 4096,
			async read(offset: number, target: Uint8Array) {
				const first = offset / 8 + 1;
				if (target.length % 4096 !== 0)
					target.set(
						new Uint8Array(
							BigUint64Array.from({ length: target.length / 8 }, (_, i) => BigInt(first + i) * 4096n).buffer,
						),
					);
				else target.fill(Math.floor((offset - (chunks - 1) * 8) / 4096) % 251);
			},
		};
		const piece = new Uint8Array(10);
		await openWof(wofInformation(0), wide, size, 0).read(size - 20, piece);
		expect(piece).toEqual(new Uint8Array(10).fill((chunks - 1) % 251));
	});

	it('refuses what lies in a WIM file, and what WOF does not have', () => {
		const open = (information: Uint8Array, size = bytes.length) => {
			try {
				openWof(information, new MemoryBytes(packedSample('lzx')), size, 0);
			} catch (error) {
				return isAfterimageError(error) ? `${error.code}: ${error.message}` : String(error);
			}
			return 'opened';
		};
		expect(open(wofInformation(1))).toBe('opened');
		expect(open(wofInformation(1, 1))).toContain('not-supported: The bytes of the file lie in a WIM file');
		expect(open(wofInformation(1, 2, 2))).toContain('structure-damaged: WOF reparse point, version');
		expect(open(wofInformation(4))).toContain('structure-damaged: WOF reparse point');
		expect(open(wofInformation(1, 2, 1, 2))).toContain('structure-damaged: WOF reparse point');
		expect(open(wofInformation(1).subarray(0, 12))).toContain('structure-damaged');
		expect(open(wofInformation(1), 2 ** 40)).toContain('structure-damaged: Compressed chunks');
	});

	it.each(samples)('refuses damage in %s or gives bytes, and never anything else', async (name, algorithm) => {
		const random = randomNumbers(algorithm + 1);
		let refused = 0;
		for (let i = 0; i < 300; i++) {
			const packed = packedSample(name);
			packed[random.below(packed.length)]! ^= 1 << random.below(8);
			const source = openWof(wofInformation(algorithm), new MemoryBytes(packed), bytes.length, 0);
			try {
				await source.read(0, new Uint8Array(bytes.length));
			} catch (error) {
				expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
				refused++;
			}
		}
		expect(refused).toBeGreaterThan(10);
	});
});
