import { expect } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import type { FileSystem, OpenOptions } from '../../../../src/disk/filesystem.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import type { Run } from './sample-records.ts';
import { place, sampleVolume, type SampleFile, type SampleShape, type SampleVolume } from './sample-volume.ts';

/** Opens it with the driver, which is to recognise it. */
export async function openSample(sample: SampleVolume, options: OpenOptions = {}): Promise<FileSystem> {
	const fileSystem = await ntfsDriver.open(new MemoryBytes(sample.image), options);
	if (fileSystem === undefined) throw new Error('not recognised');
	return fileSystem;
}

/** The clusters that the driver reports, and the bytes behind the last cluster. */
export async function collect(sample: SampleVolume): Promise<{ clusters: Set<number>; tail: number }> {
	const clusters = new Set<number>();
	let tail = 0;
	const add = (start: number, end: number) => {
		if (start >= sample.clusters * sample.clusterSize) tail += end - start;
		else for (let at = start; at < end; at += sample.clusterSize) clusters.add(at / sample.clusterSize);
	};
	await (await openSample(sample)).collectUsed({ add });
	return { clusters, tail };
}

/** Why the driver takes no map of the volume, undefined when it does. */
export async function dirtyOf(shape: SampleShape, options: OpenOptions = {}): Promise<string | undefined> {
	return (await openSample(sampleVolume(shape), options)).info.dirty;
}

/** What the damage says as which `work` fails. */
export async function damage(work: Promise<unknown>): Promise<string> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
	return (error as Error).message;
}

/** Where the paging file lies. */
export const runs: Run[] = [
	{ lcn: place.files + 100, length: 300 },
	{ lcn: place.files, length: 20 },
	{ lcn: place.files + 500, length: 7 },
];
export const pageFile: SampleFile = { record: 20, name: 'pagefile.sys', runs };
