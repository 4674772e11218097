import { randomBytes } from 'node:crypto';
import { ftruncateSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBlockPool } from '../../../../src/engine/pipeline/pool.ts';
import type { BlockPool, CopyJob } from '../../../../src/engine/pipeline/types.ts';
import type { RangeColumns, SummedPiece } from '../../../../src/image/byte-ranges.ts';
import { nativeMd5 } from '../../../../native/kernels.ts';
import { Scratch } from '../../../support/block-pool.ts';

const pools: Record<string, BlockPool> = {
	'two workers': createBlockPool({ workers: 2, md5: nativeMd5().length > 0 ? 'native' : 'wasm' }),
	'one worker': createBlockPool({ workers: 1, md5: 'node' }),
};
afterAll(() => Promise.all(Object.values(pools).map((pool) => pool.close())));

/** File, position and length of each range of a piece. */
type Piece = [file: number, position: number, length: number][];

/** Larger than what is copied at a time, and no multiple of it. */
const size = 3_000_001;

let scratch: Scratch;
let bytes: Buffer[];
let files: Map<number, { fd: number; path: string; size: number }>;
beforeEach(() => {
	scratch = new Scratch();
	bytes = [randomBytes(size), randomBytes(size)];
	files = new Map(bytes.map((content, i) => [i, { fd: scratch.file(`from ${i}`, content), path: `/from ${i}`, size }]));
});
afterEach(() => scratch.dispose());

function job(pieces: readonly Piece[], target?: CopyJob['target']): CopyJob {
	let at = 0;
	const next = ({ fileNumbers, positions, lengths }: RangeColumns) => {
		const piece = pieces[at++] ?? [];
		piece.forEach(([file, position, length], i) => {
			fileNumbers[i] = file;
			positions[i] = position;
			lengths[i] = length;
		});
		return piece.length;
	};
	return { files, next, target };
}

async function all(pool: BlockPool, work: CopyJob, signal = new AbortController().signal): Promise<SummedPiece[]> {
	const found: SummedPiece[] = [];
	for await (const piece of pool.copy(work, signal)) found.push(piece);
	return found;
}

function contentOf(piece: Piece): Buffer {
	return Buffer.concat(piece.map(([file, position, length]) => bytes[file]!.subarray(position, position + length)));
}

const pieces: Piece[] = [
	[
		[0, 0, 1],
		[1, 5, 700_000],
		[0, 100, 3],
	],
	[[1, 0, size]],
	...Array.from({ length: 40 }, (_, i): Piece => [[i % 2, i * 1000, 262_144 + i]]),
];

describe.each(Object.entries(pools))('copy by %s', (_, pool) => {
	it('lays the pieces one after the other and gives the CRC-32 of each, in order', async () => {
		const fd = scratch.file('to', Buffer.alloc(0));
		const found = await all(pool, job(pieces, { fd, path: '/to' }));
		expect(found).toEqual(pieces.map((piece) => ({ length: contentOf(piece).length, sum: crc32(contentOf(piece)) })));
		const written = readFileSync(scratch.path('to'));
		expect(written.equals(Buffer.concat(pieces.map(contentOf)))).toBe(true);
	});

	it('reads only, where there is no target', async () => {
		const found = await all(pool, job(pieces));
		expect(found.map(({ sum }) => sum)).toEqual(pieces.map((piece) => crc32(contentOf(piece))));
	});

	it('copies from files that it has to open itself, and leaves none open', async () => {
		const fd = scratch.file('to', Buffer.alloc(0));
		const closed = new Map([0, 1].map((i) => [i, { fd: undefined, path: scratch.path(`from ${i}`), size }]));
		await all(pool, { ...job(pieces, { fd, path: '/to' }), files: closed });
		expect(readFileSync(scratch.path('to')).equals(Buffer.concat(pieces.map(contentOf)))).toBe(true);
		expect(scratch.openPaths()).toEqual(['from 0', 'from 1', 'to']);
	});

	it('refuses a range outside its file', async () => {
		await expect(all(pool, job([[[1, size - 10, 11]]]))).rejects.toMatchObject({
			code: 'image-damaged',
			message: expect.stringContaining('/from 1') as string,
		});
	});

	it('names file and byte where the file has become shorter', async () => {
		ftruncateSync(files.get(0)!.fd, 1_000_000);
		await expect(all(pool, job([[[0, 900_000, 200_000]]]))).rejects.toMatchObject({
			code: 'read-error',
			message: expect.stringContaining('/from 0 ends at byte 1000000') as string,
		});
	});

	it('names the target that cannot be written', async () => {
		const fd = scratch.open(scratch.path('from 0'), 'r');
		await expect(all(pool, job(pieces, { fd, path: '/to' }))).rejects.toMatchObject({
			code: 'write-error',
			message: expect.stringContaining('/to cannot be written') as string,
		});
	});

	it('stops when it is cancelled and leaves the target alone from then on', async () => {
		const fd = scratch.file('to', Buffer.alloc(0));
		const abort = new AbortController();
		const many = Array.from({ length: 1000 }, (): Piece => [[0, 0, size]]);
		const copying = (async () => {
			for await (const piece of pool.copy(job(many, { fd, path: '/to' }), abort.signal)) {
				expect(piece.length).toBe(size);
				abort.abort();
			}
		})();
		await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
		ftruncateSync(fd, 0);
		await all(pool, job([[[0, 0, 1]]]));
		expect(readFileSync(scratch.path('to'))).toHaveLength(0);
	});
});
