import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BlockIndex } from '../src/image/index/block-index.ts';
import type { BlockCodec } from '../src/image/codec.ts';
import { imageFileName } from '../src/base/image-file-name.ts';
import { baseNameOf } from '../src/image/set/file-name.ts';
import { blockSize, hash, tinyBlocks, tinyDisk, writeTinyImage } from './tiny-images.ts';

/** A full of a partition of 1 TiB, all of it in use, and a year of daily incrementals. */
export const chain = {
	imageid: 'C4A1000000000001',
	length: 2 ** 40,
	blocks: 2 ** 40 / blockSize,
	deltas: 365,
} as const;

const changedPerDay = 2000;
const freedPerDay = 8;
/** After so many days a block that became free is used again. */
const freeDays = 3;
const day = 86_400;
const firstTime = Date.UTC(2024, 0, 1, 3) / 1000;

/** Blocks that are free from this backup on. */
function freedBy(backup: number): Uint32Array {
	return scattered(freedPerDay, backup + 1_000_000);
}

/** What an incremental changes: ascending numbers of the blocks that it stores and of those that it frees. */
export function changesOf(backup: number): { stored: Uint32Array; freed: Uint32Array } {
	const freed = freedBy(backup);
	const stored = new Set([
		...scattered(changedPerDay, backup),
		...(backup > freeDays ? freedBy(backup - freeDays) : []),
	]);
	for (const block of freed) stored.delete(block);
	return { stored: Uint32Array.from(stored).sort(), freed };
}

function scattered(count: number, seed: number): Uint32Array {
	return Uint32Array.from({ length: count }, (_, i) => hash(i, seed) % chain.blocks).sort();
}

export function chainFile(folder: string, backup: number): string {
	return join(folder, imageFileName(baseNameOf(chain.imageid, 'chain'), backup, backup));
}

/** Makes the chain unless it is there. @returns whether it was made now */
export async function makeChain(folder: string, codec: BlockCodec): Promise<boolean> {
	if (existsSync(folder)) return false;
	const made = `${folder}.new`;
	rmSync(made, { recursive: true, force: true });
	mkdirSync(made, { recursive: true });
	const content = tinyBlocks(codec);
	const disk = tinyDisk('C4A10000-0000-4000-8000-000000000001', [
		{ start: 2 ** 20, length: chain.length, type: 'ext' },
	]);
	const earlier: string[] = [];
	const backup = (number: number) => ({
		imageid: chain.imageid,
		type: number === 0 ? ('full' as const) : ('inc' as const),
		number,
		time: firstTime + number * day,
		setTime: firstTime,
		computer: 'BENCH',
		earlier: [...earlier],
		path: chainFile(folder, number),
		place: chainFile(made, number),
	});
	await writeTinyImage(disk, backup(0), undefined, codec, async (writer) => {
		const perBatch = 4096;
		for (let first = 0; first < chain.blocks; first += perBatch)
			await writer.partition(0, 0).appendBlocks(
				content.batch(
					Uint32Array.from({ length: perBatch }, (_, i) => first + i),
					0,
				),
			);
	});
	for (let number = 1; number <= chain.deltas; number++) {
		earlier.push(chainFile(folder, number - 1));
		const { stored, freed } = changesOf(number);
		// Of its base the writer of a delta looks only for what has become free, so that is all that this one has.
		const base = new BlockIndex(chain.blocks);
		for (const block of freed) base.set(block, 0, content.md5, 0, 1, 0);
		await writeTinyImage(disk, backup(number), [base], codec, async (writer) => {
			await writer.partition(0, 0).appendBlocks(content.batch(stored, number));
			writer.partition(0, 0).freeUnused({ has: () => false });
		});
	}
	renameSync(made, folder);
	return true;
}
