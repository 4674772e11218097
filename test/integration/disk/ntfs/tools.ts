import { open } from 'node:fs/promises';
import { expect } from 'vitest';
import type { FileSystem } from '../../../../src/disk/filesystem.ts';
import type { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { mounted } from '../../../support/mounted.ts';
import { run } from '../../../support/run.ts';

export const ntfsTools = [
	'mkfs.ntfs',
	'ntfs-3g',
	'ntfs-3g.probe',
	'ntfsfix',
	'ntfsinfo',
	'ntfsresize',
	'ntfscluster',
	'partclone.ntfs',
	'setfattr',
];

const mib = 1024 * 1024;

/** Makes a volume; `size` in MiB. */
export async function makeNtfs(path: string, size: number, args: readonly string[]): Promise<string> {
	await sparseFile(path, size * mib);
	await run('mkfs.ntfs', ['-F', '-q', ...args, path]);
	return path;
}

export function mountedNtfs<T>(image: string, fn: (folder: string) => Promise<T>): Promise<T> {
	return mounted(image, { command: 'ntfs-3g', args: ['-o', 'no_detach,compression'] }, fn);
}

export function mountedReadOnly<T>(image: string, fn: (folder: string) => Promise<T>): Promise<T> {
	return mounted(image, { command: 'ntfs-3g', args: ['-o', 'no_detach,ro'] }, fn);
}

/**
 * What the vendor's checks say of a volume: ntfsfix (boot sectors, mirror, log), ntfsresize (the bitmap against the runs of
 * every file).
 */
export async function checkNtfs(image: string): Promise<void> {
	const fix = await run('ntfsfix', ['-n', image]);
	expect(fix.stdout).toContain('Checking the alternate boot sector... OK');
	expect(fix.stdout).not.toMatch(/BAD|FAILED|differ/);
	await run('ntfsinfo', ['-m', image]);
	await run('ntfsresize', ['-i', '-f', image]);
}

/** Compares what the driver tells and maps, a block a cluster, with three programs that are not ours. */
export async function compareCounts(image: string, { info }: FileSystem, used: UsedBlocks): Promise<void> {
	const number = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
	const { stdout } = await run('ntfsinfo', ['-m', image]);
	expect(info.clusterSize).toBe(number(stdout, /Cluster Size: (\d+)/));
	expect(info.totalClusters).toBe(number(stdout, /Volume Size in Clusters: (\d+)/));
	expect(info.freeClusters).toBe(number(stdout, /Free Clusters: (\d+)/));
	expect(info.mft?.recordSize).toBe(number(stdout, /MFT Record Size: (\d+)/));

	const clone = await run('partclone.ntfs', ['-c', '-F', '-L', '/dev/null', '-s', image, '-O', '/dev/null']);
	const usedClusters = number(clone.stdout + clone.stderr, /Space in use: .* = (\d+) Blocks/);
	expect(info.totalClusters - info.freeClusters).toBe(usedClusters);
	// Behind the last cluster the map has the backup boot sector.
	const tail = used.count - info.totalClusters;
	expect(tail).toBeGreaterThan(0);
	expect(used.used()).toBe(usedClusters + tail);
	for (let block = info.totalClusters; block < used.count; block++) expect(used.has(block)).toBe(true);

	const label = await run('blkid', ['-p', '-o', 'value', '-s', 'LABEL', image]);
	expect(info.label).toBe(label.stdout.trim());
	const uuid = await run('blkid', ['-p', '-o', 'value', '-s', 'UUID', image]);
	expect(info.uuid).toBe(uuid.stdout.trim());
}

export interface DiskRun {
	readonly at: number;
	readonly length: number;
}

/** Bytes of each run of a file's data, from ntfscluster; `file` is `-F path` or `-I record`. */
export async function runsOf(image: string, file: readonly string[], clusterSize: number): Promise<DiskRun[]> {
	const { stdout } = await run('ntfscluster', [...file, image]);
	const data = stdout.slice(stdout.indexOf('0x80'));
	return [...data.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/gm)].map(([, , lcn, length]) => ({
		at: Number(lcn) * clusterSize,
		length: Number(length) * clusterSize,
	}));
}

/** Overwrites bytes of an image. */
export async function patch(path: string, at: number, bytes: Uint8Array): Promise<void> {
	const handle = await open(path, 'r+');
	await handle.write(bytes, 0, bytes.length, at);
	await handle.close();
}

export async function bytesAt(path: string, at: number, length: number): Promise<Buffer> {
	const handle = await open(path);
	const { buffer } = await handle.read(Buffer.alloc(length), 0, length, at);
	await handle.close();
	return buffer;
}
