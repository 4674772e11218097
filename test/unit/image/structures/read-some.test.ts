import { expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { elementSize } from '../../../../src/image/index/block-index.ts';
import { readSome, type IndexLocation } from '../../../../src/image/index/index-read.ts';

it('elements of an index are looked up, those alone that are asked for', async () => {
	const blockCount = 20_000;
	const bytes = new Uint8Array(7 + blockCount * elementSize);
	const view = new DataView(bytes.buffer);
	for (let block = 0; block < blockCount; block++) view.setUint32(7 + block * elementSize, block, true);
	const location = { blocksPosition: 7, blockCount } as unknown as IndexLocation;
	const asked = Uint32Array.of(0, 1, 8191, 8192, 8193, 19_999, 20_000, 30_000);
	const found: number[] = [];
	await readSome(new MemoryBytes(bytes), location, asked, (block, from, at) => {
		expect(new DataView(from.buffer, from.byteOffset).getUint32(at, true)).toBe(block);
		found.push(block);
	});
	expect(found).toEqual([...asked].slice(0, 6));
	const ended = readSome(new MemoryBytes(bytes), location, asked, () => undefined, AbortSignal.abort());
	await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
});
