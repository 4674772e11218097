import { AfterimageError } from '../../base/errors.ts';
import type { BlockIndex } from '../../image/index/block-index.ts';
import type { Chain, ResolvedPartition } from '../../image/set/chain.ts';
import { reservedRawLength } from '../../image/index/index-check.ts';
import type { ManifestDisk, ManifestPartition } from '../../image/manifest.ts';
import { rawLength, reservedBlockSize } from '../../image/partition-layout.ts';
import type { LoadJob } from '../pipeline/types.ts';

/** Blocks of a partition that can be loaded in one go. */
export interface LoadStep {
	readonly reserved: boolean;
	readonly index: BlockIndex;
	/** Byte on the disk of block 0. */
	readonly diskStart: number;
	readonly job: Omit<LoadJob, 'target' | 'files'>;
	readonly blocks: number;
	/** Raw bytes of its blocks. */
	readonly bytes: number;
}

export interface PartitionLoad {
	readonly disk: ManifestDisk;
	/** Place of the disk in the image. */
	readonly diskPlace: number;
	readonly partition: ManifestPartition;
	readonly resolved: ResolvedPartition;
	readonly steps: readonly LoadStep[];
}

/** Which partitions of which disk; undefined = all. */
export interface LoadChoice {
	/** Place of the disk in the image. */
	readonly disk: number | undefined;
	readonly partitions: readonly number[] | undefined;
	/** Share of the blocks, above 0 and at most 1. */
	readonly sample: number | undefined;
}

/** Resolves the indexes of the chosen partitions and plans the loading of their blocks. */
export async function planLoad(chain: Chain, choice: LoadChoice, signal: AbortSignal): Promise<PartitionLoad[]> {
	const loads: PartitionLoad[] = [];
	for (const [d, disk] of chain.manifest.disks.entries()) {
		if (choice.disk !== undefined && choice.disk !== d) continue;
		for (const number of choice.partitions ?? []) checkNumber(disk, number);
		for (const [p, partition] of disk.partitions.entries()) {
			if (choice.partitions?.includes(partition._header.partition_number) === false) continue;
			const resolved = await chain.resolve(d, p, signal);
			const { sample } = choice;
			const steps = loadSteps(resolved, (index) => (sample === undefined ? undefined : sampleOf(index, sample)));
			loads.push({ disk, diskPlace: d, partition, resolved, steps });
		}
	}
	return loads;
}

/** Raw bytes of all blocks that are loaded. */
export function bytesOf(loads: readonly PartitionLoad[]): number {
	return loads.reduce((sum, load) => sum + load.steps.reduce((bytes, step) => bytes + step.bytes, 0), 0);
}

/** @throws AfterimageError `invalid-argument` naming the partitions that there are */
export function checkNumber(disk: ManifestDisk, number: number): void {
	const numbers = disk.partitions.map((partition) => partition._header.partition_number);
	if (numbers.includes(number)) return;
	throw new AfterimageError(
		'invalid-argument',
		`The image has no partition ${number} of disk ${disk._header.disk_number}; it has ${numbers.join(', ') || 'none'}`,
		{ details: { partition: number } },
	);
}

/**
 * The loading of blocks of a resolved partition.
 * @param choose which blocks of the index, ascending; undefined = every stored one
 */
export function loadSteps(
	resolved: ResolvedPartition,
	choose: (index: BlockIndex) => Uint32Array | undefined,
): LoadStep[] {
	const { layout, index, reserved, compressed, cipher } = resolved;
	const step = (
		isReserved: boolean,
		of: BlockIndex,
		diskStart: number,
		length: number,
		blockSize: number,
		raw: (block: number) => number,
	): LoadStep => {
		const only = choose(of);
		let blocks = 0;
		let bytes = 0;
		const take = (block: number) => {
			blocks++;
			bytes += raw(block);
		};
		if (only !== undefined) only.forEach(take);
		else for (let block = of.next(0); block < of.count; block = of.next(block + 1)) take(block);
		const job = { index: of, only, length, blockSize, compressed, cipher };
		return { reserved: isReserved, index: of, diskStart, job, blocks, bytes };
	};
	return [
		step(true, reserved, layout.reservedStart, layout.reservedLength, reservedBlockSize, (block) =>
			reservedRawLength(layout, block),
		),
		step(false, index, layout.blockStart, layout.blockLength, layout.blockSize, (block) => rawLength(layout, block)),
	].filter(({ blocks }) => blocks > 0);
}

/** Every stored block whose turn lifts the share over a whole number: evenly spread, and the first is always among them. */
function sampleOf(index: BlockIndex, sample: number): Uint32Array {
	const chosen: number[] = [];
	let nth = 0;
	for (let block = index.next(0); block < index.count; block = index.next(block + 1), nth++) {
		if (isSampled(nth, sample)) chosen.push(block);
	}
	return Uint32Array.from(chosen);
}

/** Whether the block that is the `nth` of all, from 0, is of a sample. @param sample share of the blocks, as in {@link LoadChoice} */
export function isSampled(nth: number, sample: number): boolean {
	return nth === 0 || Math.floor(nth * sample) !== Math.floor((nth - 1) * sample);
}
