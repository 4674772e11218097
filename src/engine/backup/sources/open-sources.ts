import { resolve } from 'node:path';
import type { ByteSource } from '../../../base/bytes.ts';
import { AfterimageError } from '../../../base/errors.ts';
import type { DiskLayout, Partition } from '../../../disk/partition-table/layout.ts';
import { logWarning, type JobContext } from '../../job-context.ts';
import { layoutOf } from '../../disk-layout.ts';
import type { SourceRequest } from '../../requests/image.ts';
import { withOpened } from './opened-containers.ts';
import type { SourceDisk } from './planned-partition.ts';
import { TolerantSource } from './tolerant-source.ts';

/** What is wanted of a disk. */
interface Wanted {
	readonly path: string;
	/** See {@link DiskDevice.identity}. */
	readonly identity: string | undefined;
	/** The names that all of it was given. */
	readonly whole: string[];
	/** Those of its partitions, by where they begin. */
	readonly nodes: Map<number, string[]>;
	/** Partitions that were named by their numbers. */
	readonly numbers: Set<number>;
}

/**
 * Opens each disk once, however many of its partitions are named and by whatever paths, and reads its partition table.
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
		for (const want of wanted) sources.push(await openSource(want, sources, skipBadSectors, context));
		return await withOpened(sources, context);
	} catch (error) {
		await closeSources(sources);
		throw error;
	}
}

/** Closes what {@link openSources} gave. */
export async function closeSources(sources: readonly SourceDisk[]): Promise<void> {
	await Promise.all(sources.map((source) => source.disk.close()));
}

async function collect(requests: readonly SourceRequest[], context: JobContext): Promise<Wanted[]> {
	const { disks } = context.ports;
	const wanted: Wanted[] = [];
	for (const request of requests) {
		const parent = await disks.parentOf(request.path);
		const { path, identity } =
			parent === undefined ? await disks.describe(resolve(request.path)) : { path: parent.disk, identity: undefined };
		// Links and further names lead to the same file.
		const isSame = (one: Wanted) => one.path === path || (identity !== undefined && one.identity === identity);
		let want = wanted.find(isSame);
		if (want === undefined) {
			want = { path, identity, whole: [], nodes: new Map(), numbers: new Set() };
			wanted.push(want);
		}
		if (parent !== undefined) {
			const { start } = parent.node;
			want.nodes.set(start, [...(want.nodes.get(start) ?? []), request.path]);
		} else if (request.partitions === undefined) {
			want.whole.push(request.path);
		}
		for (const number of request.partitions ?? []) want.numbers.add(number);
	}
	for (const want of wanted) tellTwice(want, context);
	return wanted;
}

/** Says what was named more than once: an image holds it once. */
function tellTwice({ path, whole, nodes, numbers }: Wanted, context: JobContext): void {
	const advice = 'Name it once.';
	for (const names of [whole, ...nodes.values()].filter(({ length }) => length > 1)) {
		logWarning(context, `${names.join(' and ')} are the same; it is imaged once`, advice);
	}
	const parts = [...[...nodes.values()].flat(), ...[...numbers].map((number) => `partition ${number}`)];
	if (whole.length === 0 || parts.length === 0) return;
	logWarning(context, `${path} is imaged as a whole, with ${parts.join(', ')}, which is named too`, advice);
}

async function openSource(
	want: Wanted,
	before: readonly SourceDisk[],
	skipBadSectors: boolean,
	context: JobContext,
): Promise<SourceDisk> {
	const { path } = want;
	const disk = await context.ports.disks.openSource(path);
	try {
		const source = skipBadSectors ? tolerant(disk, disk.device.path, context) : disk;
		const layout = await layoutOf(disk, source);
		for (const { message, advice } of layout.warnings) logWarning(context, `${path}: ${message}`, advice);
		const partitions = choose(layout, want);
		let number = disk.device.number;
		while (before.some((other) => other.number === number)) number++;
		return { disk, source, layout, number, partitions, opened: new Map() };
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

function choose(layout: DiskLayout, { path, whole, nodes, numbers }: Wanted): Partition[] {
	const chosen = layout.partitions.filter(
		({ number, start }) => whole.length > 0 || numbers.has(number) || nodes.has(start),
	);
	const found = layout.partitions.map((partition) => partition.number).join(', ');
	for (const number of numbers) {
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
