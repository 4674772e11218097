import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each of the packed samples holds: text, calls as x86 programs have them, records of 8 bytes, and a run. */
export function sampleBytes(): Uint8Array {
	const bytes = new Uint8Array(40_001);
	const view = new DataView(bytes.buffer);
	const text = Array.from({ length: 2000 }, (_, i) => `line ${(i * 7919) % 101}, ${i % 13}; `).join('');
	bytes.set(Buffer.from(text.slice(0, 12_000)));
	for (let i = 0; i < 500; i++) {
		bytes[12_000 + i * 8] = 0xe8;
		view.setInt32(12_001 + i * 8, ((i * 37) % 50) * 256 - (12_001 + i * 8), true);
	}
	for (let i = 0; i < 1500; i++) {
		view.setUint32(16_000 + i * 8, ((i * i) % 61) * 0x01010101, true);
		view.setUint32(16_004 + i * 8, ((i * 31) % 7) * 4096, true);
	}
	bytes.fill(0x5a, 28_000, 36_000);
	bytes.set(Buffer.from(text.slice(3000, 7000)), 36_000);
	return bytes;
}

/**
 * {@link sampleBytes} as wimlib packs them (`wimcapture --compress=lzx --chunk-size=32K` and its like), the bytes of the
 * file in the WIM: table of chunks and chunks, as WOF has them. LZX: an aligned block and a verbatim one.
 * @param name `xpress4k`, `xpress8k`, `xpress16k` or `lzx`
 */
export function packedSample(name: string): Uint8Array {
	return new Uint8Array(readFileSync(join(import.meta.dirname, 'packed', `${name}.bin`)));
}
