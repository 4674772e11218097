import { open, stat } from 'node:fs/promises';
import { sparseFile } from './byte-files.ts';
import { run } from './run.ts';

export interface RawPartition {
	/** MiB on the disk. */
	readonly start: number;
	readonly size: number;
	/** As sfdisk takes it: `L`, `U`, `0c`, a GUID; `E` for an extended partition. */
	readonly type: string;
	/** Makes the file system in a file of that many bytes. */
	readonly make?: (file: string, bytes: number) => Promise<void>;
}

const mebibyte = 2 ** 20;

/** A raw disk file with a partition table made by sfdisk. @param size MiB */
export async function makeRawDisk(
	path: string,
	table: 'gpt' | 'dos',
	size: number,
	partitions: readonly RawPartition[],
): Promise<void> {
	await sparseFile(path, size * mebibyte);
	const lines = partitions.map(
		({ start, size: length, type }) => `start=${start * 2048}, size=${length * 2048}, type=${type}`,
	);
	await run('sfdisk', ['--quiet', path], { input: `label: ${table}\n${lines.join('\n')}\n` });
	for (const { start, size: length, make } of partitions) {
		if (make === undefined) continue;
		const file = await sparseFile(`${path}.partition`, length * mebibyte);
		await make(file, length * mebibyte);
		await copyInto(file, path, start * mebibyte);
		await run('rm', [file]);
	}
}

/** Copies a file into another at an offset where there are zeros, and leaves zeros as holes. */
export async function copyInto(from: string, to: string, offset: number): Promise<void> {
	await copyAt(from, to, offset, 'notrunc,sparse');
}

/** Copies a file over what another has at an offset. */
export async function copyOver(from: string, to: string, offset: number): Promise<void> {
	await copyAt(from, to, offset, 'notrunc');
}

async function copyAt(from: string, to: string, offset: number, how: string): Promise<void> {
	const place = [`seek=${offset}`, 'oflag=seek_bytes', `conv=${how}`];
	await run('dd', [`if=${from}`, `of=${to}`, 'bs=64K', ...place, 'status=none']);
}

/** A part of a file as a file of its own. */
export async function extract(from: string, offset: number, length: number, to: string): Promise<string> {
	await run('dd', [
		`if=${from}`,
		`of=${to}`,
		'bs=64K',
		`skip=${offset}`,
		`count=${length}`,
		'iflag=skip_bytes,count_bytes',
		'conv=sparse',
		'status=none',
	]);
	return to;
}

/** Overwrites bytes in place. */
export async function patch(path: string, offset: number, data: Uint8Array): Promise<void> {
	const handle = await open(path, 'r+');
	await handle.write(data, 0, data.length, offset);
	await handle.close();
}

/** Bytes of a file that take room on the disk. */
export async function allocated(path: string): Promise<number> {
	return (await stat(path)).blocks * 512;
}

/** ext4 with the files of a folder. */
export const ext4From =
	(folder: string, ...options: string[]) =>
	async (file: string): Promise<void> => {
		await run('mkfs.ext4', ['-q', '-F', ...options, '-d', folder, file]);
	};

/** FAT of any width with the files of a folder. */
export const fatFrom =
	(folder: string, bits: 12 | 16 | 32) =>
	async (file: string): Promise<void> => {
		await run('mkfs.fat', ['-F', String(bits), file]);
		await run('sh', ['-c', `mcopy -s -i "$1" "$2"/* ::`, 'sh', file, folder]);
	};
