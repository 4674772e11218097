import { open } from 'node:fs/promises';
import type { FileSystem } from '../../../../src/disk/filesystem.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { run } from '../../../support/run.ts';

/** What `dumpe2fs` says about an image. */
export interface Dump {
	readonly blockSize: number;
	readonly blocks: number;
	readonly freeBlocks: number;
	/** Of the blocks that it does not list as free. */
	readonly used: UsedBlocks;
	/** The whole output. */
	readonly text: string;
}

/** Reads the used blocks from the lists of free ones that `dumpe2fs` prints for each group. */
export async function dumpe2fs(image: string, volumeSize: number): Promise<Dump> {
	const text = (await run('dumpe2fs', [image])).stdout;
	const number = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(text)![1]);
	const blockSize = number('Block size');
	const blocks = number('Block count');
	// With bigalloc it prints the first block of the last free cluster as the end of a range.
	const ratio = Number(/^Cluster size: +(\d+)/m.exec(text)?.[1] ?? blockSize) / blockSize;
	const free: [number, number][] = [];
	for (const [, list] of text.matchAll(/^ {2}Free blocks: (.+)$/gm)) {
		for (const [, from, to] of list!.matchAll(/(\d+)(?:-(\d+))?/g)) {
			free.push([Number(from), Number(to ?? from) + ratio]);
		}
	}
	free.sort((a, b) => a[0] - b[0]);
	const used = new UsedBlocks(0, volumeSize, blockSize);
	let next = 0;
	for (const [from, to] of free) {
		used.add(next * blockSize, from * blockSize);
		next = to;
	}
	used.add(next * blockSize, volumeSize);
	return { blockSize, blocks, freeBlocks: number('Free blocks'), used, text };
}

/** Opens an image with the driver and hands on its map in blocks of `blockSize`. */
export async function readMap(
	image: string,
	blockSize?: number,
	frozen = false,
): Promise<{ fileSystem: FileSystem; used: UsedBlocks }> {
	const source = await fileSource(image);
	try {
		const fileSystem = await extDriver.open(source, { frozen });
		if (fileSystem === undefined) throw new Error(`${image} is not recognised`);
		const used = new UsedBlocks(0, source.size, blockSize ?? fileSystem.info.clusterSize);
		await fileSystem.collectUsed(used);
		return { fileSystem, used };
	} finally {
		await source.close();
	}
}

/** Blocks of which two maps disagree: `missing` are used for `expected` alone. */
export function difference(expected: UsedBlocks, found: UsedBlocks): { missing: number[]; surplus: number[] } {
	const missing: number[] = [];
	const surplus: number[] = [];
	for (let block = 0; block < Math.max(expected.count, found.count); block++) {
		if (expected.has(block) === found.has(block)) continue;
		(found.has(block) ? surplus : missing).push(block);
	}
	return { missing, surplus };
}

/** Overwrites bytes of an image. */
export async function patch(image: string, at: number, data: Uint8Array): Promise<void> {
	const handle = await open(image, 'r+');
	await handle.write(data, 0, data.length, at);
	await handle.close();
}
