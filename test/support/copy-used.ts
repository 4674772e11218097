import { open } from 'node:fs/promises';
import type { FileSystem, FileSystemDriver } from '../../src/disk/filesystem.ts';
import { UsedBlocks } from '../../src/disk/used-blocks.ts';
import { fileSource } from './byte-files.ts';
import { randomNumbers } from './random-numbers.ts';

/**
 * Copies what the driver calls used, in whole blocks as an image stores them, onto a target that holds random bytes
 * everywhere else. The bytes before the first cluster (FAT) are copied as they are.
 */
export async function copyUsed(
	driver: FileSystemDriver,
	sourcePath: string,
	targetPath: string,
	options: { readonly blockSize: number; readonly frozen?: boolean },
): Promise<{ fileSystem: FileSystem; used: UsedBlocks }> {
	const source = await fileSource(sourcePath);
	const target = await open(targetPath, 'w');
	try {
		const fileSystem = await driver.open(source, { frozen: options.frozen ?? false });
		if (fileSystem === undefined) throw new Error(`${driver.name} does not know ${sourcePath}`);
		const start = fileSystem.info.reservedBytes;
		const used = new UsedBlocks(start, source.size - start, options.blockSize);
		await fileSystem.collectUsed(used);
		const noise = randomNumbers(source.size).fill(new Uint8Array(4 * 1024 * 1024 + 4096));
		const buffer = new Uint8Array(4 * 1024 * 1024);
		const move = async (from: number, to: number, keep: boolean) => {
			for (let at = from; at < to; at += buffer.length) {
				const piece = buffer.subarray(0, Math.min(buffer.length, to - at));
				if (keep) await source.read(at, piece);
				// Shifted a little each time, so that no two unused places look alike.
				const data = keep ? piece : noise.subarray((at / 512) % 4096).subarray(0, piece.length);
				await target.write(data, 0, data.length, at);
			}
		};
		await move(0, start, true);
		for (let block = 0; block < used.count;) {
			const keep = used.has(block);
			let end = block + 1;
			if (keep) while (end < used.count && used.has(end)) end++;
			else end = used.next(end);
			await move(start + block * used.blockSize, Math.min(source.size, start + end * used.blockSize), keep);
			block = end;
		}
		return { fileSystem, used };
	} finally {
		await source.close();
		await target.close();
	}
}
