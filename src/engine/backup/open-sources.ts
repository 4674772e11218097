import { resolve } from 'node:path';
import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { DiskLayout, Partition } from '../../disk/layout.ts';
import { logWarning, type JobContext } from '../job-context.ts';
import { layoutOf } from '../disk-layout.ts';
import type { SourceRequest } from '../requests/image.ts';
import type { SourceDisk } from './planned-partition.ts';
import { TolerantSource } from './tolerant-source.ts';

/** What is wanted of a disk: partitions by number, partition nodes by where they begin; neither = all of it. */
interface Wanted {
	readonly numbers: Set<number>;
	readonly starts: Set<number>;
	all: boolean;
}

/**
 * Opens each disk once, however many of its partitions are named, and reads its partition table.
 * @throws AfterimageError `source-missing`, `permission-denied`, `invalid-argument` for a partition that is not there
 */
export async function openSources(
	requests: readonly SourceRequest[],
	skipBadSectors: boolean,
	context: JobContext,
): Promise<SourceDisk[]> {
	const wanted = await collect(requests, context);
	const sources: SourceDisk[] = [];
	try {
		for (const [path, want] of wanted) sources.push(await openSource(path, want, sources, skipBadSectors, context));
		return sources;
	} catch (error) {
		await closeSources(sources);
		throw error;
	}
}

export async function closeSources(sources: readonly SourceDisk[]): Promise<void> {
	await Promise.all(sources.map((source) => source.disk.close()));
}

async function collect(requests: readonly SourceRequest[], context: JobContext): Promise<Map<string, Wanted>> {
	const { disks } = context.ports;
	const wanted = new Map<string, Wanted>();
	for (const request of requests) {
		const parent = await disks.parentOf(request.path);
		const path = parent?.disk ?? (await disks.describe(resolve(request.path))).path;
		const want = wanted.get(path) ?? { numbers: new Set(), starts: new Set(), all: false };
		wanted.set(path, want);
		if (parent !== undefined) want.starts.add(parent.node.start);
		else if (request.partitions === undefined) want.all = true;
		for (const number of request.partitions ?? []) want.numbers.add(number);
	}
	return wanted;
}

async function openSource(
	path: string,
	want: Wanted,
	before: readonly SourceDisk[],
	skipBadSectors: boolean,
	context: JobContext,
): Promise<SourceDisk> {
	const disk = await context.ports.disks.openSource(path);
	try {
		const source = skipBadSectors ? tolerant(disk, disk.device.path, context) : disk;
		const layout = await layoutOf(disk, source);
		for (const { message, advice } of layout.warnings) logWarning(context, `${path}: ${message}`, advice);
		const partitions = choose(path, layout, want);
		let number = disk.device.number;
		while (before.some((other) => other.number === number)) number++;
		return { disk, source, layout, number, partitions };
	} catch (error) {
		await disk.close();
		throw error;
	}
}

/** The source with zeros for what cannot be read, which is logged once. @param name of the source, for the log */
export function tolerant(source: ByteSource, name: string, context: JobContext): ByteSource {
	const told = new Set<number>();
	return new TolerantSource(source, (offset, length) => {
		if (told.has(offset)) return;
		told.add(offset);
		logWarning(context, `${name}: bytes ${offset} to ${offset + length - 1} cannot be read; taken as zeros`);
	});
}

function choose(path: string, layout: DiskLayout, want: Wanted): Partition[] {
	const chosen = layout.partitions.filter(
		(partition) => want.all || want.numbers.has(partition.number) || want.starts.has(partition.start),
	);
	const found = layout.partitions.map((partition) => partition.number).join(', ');
	for (const number of want.numbers) {
		if (chosen.some((partition) => partition.number === number)) continue;
		throw new AfterimageError('invalid-argument', `${path} has no partition ${number}; it has ${found || 'none'}`, {
			advice: `See afterimage disks ${path}.`,
			details: { path, partition: number },
		});
	}
	if (chosen.length > 0) return chosen;
	throw new AfterimageError('source-missing', nothingChosen(path, layout, found), { details: { path } });
}

function nothingChosen(path: string, { size, partitions }: DiskLayout, found: string): string {
	if (size === 0) return `${path} is empty: expected a disk, found 0 bytes`;
	if (partitions.length === 0) return `${path} has nothing to image: no partition of its table lies on it`;
	return `${path} has no partition where the one that was named begins: its table has ${found}`;
}
