import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openAgreedLibzstd, openFastestLibzstd, openLibzstd, zstdLibraries } from '../../../native/zstd.ts';
import { isAfterimageError } from '../../../src/base/errors.ts';
import type { BlockCodec } from '../../../src/image/codec.ts';
import { createZlibCodec } from '../../../src/image/zlib-codec.ts';
import { measureZstdFrame } from '../../../src/image/zstd-frame.ts';

const codecs: BlockCodec[] = [createZlibCodec()];
for (const library of zstdLibraries) {
	try {
		codecs.push(openLibzstd(library));
	} catch {
		// A system without its own libzstd is a system like any other.
	}
}
afterAll(() => codecs.forEach((codec) => codec.dispose()));

const samples: Record<string, Uint8Array> = {
	'no byte': new Uint8Array(0),
	'one byte': Uint8Array.of(7),
	'255 bytes': randomBytes(255),
	'256 zeros': new Uint8Array(256),
	text: Buffer.from('the same words again and again; '.repeat(2048)),
	'64 KiB of zeros': new Uint8Array(65536),
	'64 KiB of noise': randomBytes(65536),
	'a short last block': Buffer.concat([randomBytes(1000), new Uint8Array(11288)]),
	'1 MiB, half of it noise': Buffer.concat([randomBytes(1 << 19), new Uint8Array(1 << 19)]),
	'4 MiB of noise': randomBytes(1 << 22),
};

function compress(codec: BlockCodec, data: Uint8Array, level: number): Uint8Array {
	const room = new Uint8Array(codec.bound(data.length));
	return room.slice(0, codec.compress(data, room, level));
}

/** The error's message, or what came instead. */
function refusal(codec: BlockCodec, frame: Uint8Array, room: number): string {
	try {
		return `decoded ${codec.decompress(frame, new Uint8Array(room))} bytes`;
	} catch (error) {
		return isAfterimageError(error, 'image-damaged') ? 'refused' : String(error);
	}
}

it('has the runtime of the tests export its own libzstd', () => {
	expect(codecs.map((codec) => codec.name)).toContainEqual(expect.stringMatching(/^libzstd 1\.\d+\.\d+ \(process\)$/));
});

it('opens the fastest, or says that there is none', () => {
	const fastest = openFastestLibzstd();
	expect(codecs.map((codec) => codec.name)).toContain(fastest?.name);
	fastest?.dispose();
});

it('keeps the system library to its own functions', (context) => {
	if (!codecs.some((codec) => codec.name.includes('libzstd.so'))) {
		const reason = 'this system has no libzstd.so.1 that can be kept to its own functions';
		console.warn(`Skipped: ${reason}`);
		return context.skip(reason);
	}
	const script = `import { openLibzstd } from ${JSON.stringify(pathToFileURL(resolve('native/zstd.ts')).href)};
			const codec = openLibzstd('libzstd.so.1');
			const frame = new Uint8Array(codec.bound(100_000));
			const length = codec.compress(new Uint8Array(100_000).map((_, i) => i * i), frame, 1);
			codec.decompress(frame.subarray(0, length), new Uint8Array(100_000));`;
	// ld.so(8): what the dynamic loader binds to what, on standard error.
	const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
		env: { ...process.env, LD_DEBUG: 'bindings' },
		encoding: 'utf8',
		maxBuffer: 1 << 28,
	});
	expect(status).toBe(0);
	const bindings = [...stderr.matchAll(/binding file (\S+) \[\d+\] to (\S+) .*`(ZSTD_\w+)'/g)];
	const ofLibrary = bindings.filter(([, from]) => from!.includes('libzstd.so'));
	expect(ofLibrary.length).toBeGreaterThan(0);
	expect(ofLibrary.filter(([, , to]) => !to!.includes('libzstd.so'))).toEqual([]);
});

it('refuses to work once it was disposed of', () => {
	const codec = openFastestLibzstd()!;
	const frame = compress(codec, samples.text!, 1);
	codec.dispose();
	codec.dispose();
	expect(() => compress(codec, samples.text!, 1)).toThrow('disposed of');
	expect(() => codec.decompress(frame, new Uint8Array(65536))).toThrow('disposed of');
});

it('lets threads agree on one library, whichever asks first', () => {
	const choice = new Int32Array(new SharedArrayBuffer(4));
	const opened = [openAgreedLibzstd(choice), openAgreedLibzstd(choice), openAgreedLibzstd(choice)];
	expect(new Set(opened.map((codec) => codec?.name)).size).toBe(1);
	for (const codec of opened) codec?.dispose();
});

it('refuses what is no libzstd', () => {
	expect(() => openLibzstd('libc.so.6')).toThrow();
	expect(() => openLibzstd('libno-such-thing.so.9')).toThrow();
});

describe.each(codecs.map((codec) => [codec.name, codec] as const))('%s', (_, codec) => {
	describe.each(Object.entries(samples))('%s', (__, data) => {
		it.each([1, 3, 9])('at level %i makes one frame with its content size that every codec decodes', (level) => {
			const frame = compress(codec, data, level);
			expect(measureZstdFrame(frame)).toEqual({ length: frame.length, contentSize: data.length });
			const padded = Buffer.concat([frame, new Uint8Array(15)]);
			for (const other of codecs) {
				const target = new Uint8Array(data.length);
				expect(other.decompress(padded, target), other.name).toBe(data.length);
				expect(Buffer.compare(target, data), other.name).toBe(0);
			}
		});
	});

	it('works on shared memory, as workers use it', () => {
		const source = new Uint8Array(new SharedArrayBuffer(65536)).fill(9);
		const frame = new Uint8Array(new SharedArrayBuffer(codec.bound(65536)));
		const length = codec.compress(source, frame, 1);
		const target = new Uint8Array(new SharedArrayBuffer(65536));
		expect(codec.decompress(frame.subarray(0, length), target)).toBe(65536);
		expect(target.every((byte) => byte === 9)).toBe(true);
	});

	it('decodes a frame with a checksum and one without a content size', () => {
		const checked = zstdCompressSync(samples.text!, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
		const unsized = zstdCompressSync(samples.text!, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });
		expect(measureZstdFrame(checked)).toEqual({ length: checked.length, contentSize: 65536 });
		expect(measureZstdFrame(unsized)).toEqual({ length: unsized.length, contentSize: undefined });
		for (const frame of [checked, unsized]) {
			expect(codec.decompress(frame, new Uint8Array(65536))).toBe(65536);
			expect(refusal(codec, frame, 65535)).toBe('refused');
		}
	});

	it('refuses a frame that is cut, flipped, foreign or larger than the room for it', () => {
		const frame = compress(codec, samples.text!, 1);
		expect(refusal(codec, frame, samples.text!.length - 1)).toBe('refused');
		expect(refusal(codec, new Uint8Array(0), 10)).toBe('refused');
		expect(refusal(codec, new Uint8Array(100), 10)).toBe('refused');
		for (let cut = 0; cut < frame.length; cut++) expect(refusal(codec, frame.subarray(0, cut), 65536)).toBe('refused');
	});

	it('never decodes more than the room for it, whatever the bytes', () => {
		const frame = zstdCompressSync(samples['a short last block']!);
		const flips = fc.array(fc.tuple(fc.nat(frame.length - 1), fc.integer({ min: 1, max: 255 })), {
			minLength: 1,
			maxLength: 4,
		});
		fc.assert(
			fc.property(flips, fc.nat(20000), (changes, room) => {
				const damaged = Buffer.from(frame);
				for (const [at, mask] of changes) damaged[at]! ^= mask;
				expect(refusal(codec, damaged, room)).toMatch(/^refused$|^decoded \d+ bytes$/);
			}),
		);
	});
});
