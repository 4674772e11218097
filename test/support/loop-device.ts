import { run } from './run.ts';

export interface LoopOptions {
	/** Bytes; 512 when absent. */
	readonly sectorSize?: number;
	/** The part of the file that the device shows, in bytes; all of it when absent. */
	readonly part?: { readonly offset: number; readonly length: number };
}

/** A block device over the file for the length of `fn`; it needs root. */
export async function withLoopDevice<T>(
	file: string,
	{ sectorSize, part }: LoopOptions,
	fn: (device: string) => Promise<T>,
): Promise<T> {
	const options = [
		...(sectorSize === undefined ? [] : ['--sector-size', String(sectorSize)]),
		...(part === undefined ? [] : ['--offset', String(part.offset), '--sizelimit', String(part.length)]),
	];
	const device = (await run('losetup', ['--find', '--show', ...options, file])).stdout.trim();
	try {
		return await fn(device);
	} finally {
		await run('losetup', ['--detach', device]);
	}
}
