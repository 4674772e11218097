import { open, truncate } from 'node:fs/promises';
import { type ByteSource, checkRange } from '../../src/base/bytes.ts';
import { randomNumbers } from './random-numbers.ts';
import { run } from './run.ts';

/** Makes (or empties) a file of `size` bytes that takes no room until it is written. */
export async function sparseFile(path: string, size: number): Promise<string> {
	await (await open(path, 'w')).close();
	await truncate(path, size);
	return path;
}

/** Makes a file of bytes that no file system has, the same for each size. */
export async function noiseFile(path: string, size: number): Promise<void> {
	const data = randomNumbers(size).fill(new Uint8Array(2 ** 20));
	const handle = await open(path, 'w');
	try {
		for (let at = 0; at < size; at += data.length) await handle.write(data, 0, Math.min(data.length, size - at), at);
	} finally {
		await handle.close();
	}
}

/** A file or block device as a source; close it. `size` is for devices, whose length `stat` does not tell. */
export async function fileSource(path: string, size?: number): Promise<ByteSource & { close(): Promise<void> }> {
	const handle = await open(path, 'r');
	const length = size ?? (await handle.stat()).size;
	return {
		size: length,
		async read(offset, target) {
			checkRange(path, offset, target.length, length);
			for (let done = 0; done < target.length;) {
				const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
				if (bytesRead === 0) throw new Error(`${path}: end of file at byte ${offset + done}`);
				done += bytesRead;
			}
		},
		close: () => handle.close(),
	};
}

/** The digest of a file's content, in hexadecimal. */
export async function sha256(path: string): Promise<string> {
	return (await run('sha256sum', [path])).stdout.split(' ')[0]!;
}
