import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { BackupSet } from '../set/backup-set.ts';
import { BlockIndex } from '../index/block-index.ts';
import { DeltaIndex } from '../index/delta-index.ts';
import type { ImageFolder } from '../set/image-folder.ts';
import { checkIndex, checkReserved, fileLimits } from '../index/index-check.ts';
import { applyDelta, readComplete, readDelta, readReserved } from '../index/index-read.ts';
import { indexPayloadLength, type IndexContent } from '../index/index-write.ts';
import type { Manifest } from '../manifest.ts';
import { IndexReader, readWhole } from '../set/member-reader.ts';
import type { PayloadKeys } from '../metadata/metadata-read.ts';
import { partitionLayout } from '../partition-layout.ts';
import type { DiskMetadata } from '../reader.ts';
import { numbersOf, type SetMember } from '../set/set-member.ts';
import { CopyList, eachIn } from './copy-list.ts';
import { mergedManifest } from './manifest.ts';
import type { MergeStep } from './plan.ts';

/** A step whose indexes are read: what will be copied from where, and what the new file will say. */
export interface PreparedMerge {
	readonly step: MergeStep;
	readonly manifest: Manifest;
	readonly disks: readonly DiskMetadata[];
	/** By disk and partition, pointing into the new file already. */
	readonly indexes: readonly (readonly IndexContent[])[];
	/** What is copied from each file, in the order in which it is written. */
	readonly copies: readonly CopyList[];
	/** Bytes of stored blocks that are copied. */
	readonly movedBytes: number;
	/** Bytes that the folder gains, a few KiB of metadata aside: size of the sources less that of the new file. */
	readonly reclaimedBytes: number;
}

/**
 * Reads the indexes of a step's files and works out the new ones. Nothing is written.
 * @throws AfterimageError `image-damaged`, `file-missing`, `not-supported`, `cancelled`
 */
export async function prepareMerge(
	folder: ImageFolder,
	set: BackupSet,
	step: MergeStep,
	keys: PayloadKeys,
	signal?: AbortSignal,
): Promise<PreparedMerge> {
	const newest = step.sources.at(-1)!;
	const whole = await readWhole(folder, newest, keys);
	const manifest = mergedManifest(set, step, whole.manifest);
	const reader = new IndexReader(folder, keys);
	const limits = fileLimits(set, newest);
	const indexes: IndexContent[][] = [];
	for (const [d, disk] of manifest.disks.entries()) {
		indexes.push([]);
		for (const [p, partition] of disk.partitions.entries()) {
			const layout = partitionLayout(partition);
			const blocks = await mergedBlocks(reader, step.sources, d, p, layout.blockCount, signal);
			const reserved = await reader.with(newest, (source, all) => readReserved(source, all[d]![p]!));
			checkIndex(blocks instanceof DeltaIndex ? blocks.stored : blocks, layout, limits);
			checkReserved(reserved, layout, limits);
			partition._header.block_count = blocks.count;
			indexes[d]!.push({ reserved, blocks });
		}
	}
	const { copies, movedBytes } = moveBlocks(set, step, indexes.flat());
	const tail = indexes.flat().reduce((sum, index) => sum + indexPayloadLength(index), 0);
	const before = step.sources.reduce((sum, member) => sum + member.size, 0);
	return {
		step,
		manifest,
		disks: whole.disks,
		indexes,
		copies,
		movedBytes,
		reclaimedBytes: before - movedBytes - tail,
	};
}

/** The blocks of a partition after all sources: complete when one of them is, else the union of their deltas. */
async function mergedBlocks(
	reader: IndexReader,
	sources: readonly SetMember[],
	d: number,
	p: number,
	count: number,
	signal: AbortSignal | undefined,
): Promise<BlockIndex | DeltaIndex> {
	const from = sources.findLastIndex((member) => !member.header.delta_index);
	const blocks = from === -1 ? new DeltaIndex(count) : new BlockIndex(count);
	for (const member of sources.slice(Math.max(0, from))) {
		throwIfAborted(signal);
		await reader.with(member, async (source, indexes) => {
			const location = indexes[d]?.[p];
			if (location === undefined)
				throw new AfterimageError('image-damaged', `${member.path} has no partition ${p} on disk ${d}`);
			if (blocks instanceof DeltaIndex) await readDelta(source, location, blocks, signal);
			else if (location.delta) await applyDelta(source, location, blocks, signal);
			else await readComplete(source, location, blocks, signal);
		});
	}
	return blocks;
}

/** Finds what has to be copied, gives it its place, and points the indexes there. */
function moveBlocks(set: BackupSet, step: MergeStep, indexes: readonly IndexContent[]) {
	const own = listsOf(step.sources);
	const lent = listsOf(set.members.filter((member) => numbersOf(member).some((number) => step.takes.has(number))));
	const all = [...new Set([...own.values(), ...lent.values()])];
	const reservedLists = new Map([...own, ...lent]);
	const columns = indexes.flatMap(({ reserved, blocks }) => [
		{ index: blocks instanceof DeltaIndex ? blocks.stored : blocks, lists: own },
		{ index: reserved, lists: reservedLists },
	]);
	for (const { index, lists } of columns) eachIn(index, lists, (list, block) => list.add(index.position(block)));
	for (const list of all) list.sort();
	for (const { index, lists } of columns)
		eachIn(index, lists, (list, block) => list.setLength(index.position(block), index.storedLength(block)));
	let movedBytes = 0;
	for (const list of all) movedBytes = list.place(movedBytes);
	const number = step.sources[0]!.header.file_number;
	for (const { index, lists } of columns)
		eachIn(index, lists, (list, block) => index.move(block, list.target(index.position(block)), number));
	return { movedBytes, copies: all };
}

/** A list for each member, by every number that it stands for. */
function listsOf(members: readonly SetMember[]): Map<number, CopyList> {
	return new Map(
		members.flatMap((member) => {
			const list = new CopyList(member);
			return numbersOf(member).map((number) => [number, list] as const);
		}),
	);
}
