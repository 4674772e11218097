import type { BackupSet, RestorePoint } from '../../image/backup-set.ts';
import { BlockIndex } from '../../image/block-index.ts';
import { openIndexes } from '../../image/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { DeltaIndex } from '../../image/delta-index.ts';
import type { ImageFolder } from '../../image/image-folder.ts';
import { checkIndex, checkReserved, fileLimits, type FileLimits } from '../../image/index-check.ts';
import { readComplete, readDelta, readReserved } from '../../image/index-read.ts';
import type { ManifestDisk, ManifestPartition } from '../../image/manifest.ts';
import { IndexReader, readWhole } from '../../image/member-reader.ts';
import type { PayloadKeys } from '../../image/metadata-read.ts';
import { partitionLayout, type PartitionLayout } from '../../image/partition-layout.ts';
import { TrackedIndex } from './tracked-index.ts';

/** A partition of a backup with what is known of its blocks. */
export interface TrackedPartition {
	readonly disk: ManifestDisk;
	/** Place of the disk in the image. */
	readonly diskPlace: number;
	readonly partition: ManifestPartition;
	readonly layout: PartitionLayout;
	readonly blocks: TrackedIndex;
	readonly reserved: TrackedIndex;
	/** The same number as in an earlier backup: each block says the same as there. */
	readonly contents: number;
}

/**
 * Goes from backup to backup of a set, oldest first, and reads of each only the index that it brings itself: to resolve
 * those of a thousand incrementals each from the full on would take hours.
 */
export class SetWalk {
	readonly #folder: ImageFolder;
	readonly #set: BackupSet;
	readonly #codec: BlockCodec;
	readonly #reader: IndexReader;
	/** By disk and partition, as of the backup before; empty where its indexes could not be read. */
	#partitions = new Map<string, TrackedPartition>();
	/** As of the full, where differentials stand on it. */
	#full = new Map<string, TrackedPartition>();
	/** Numbers of contents that were given. */
	#contents = 0;

	constructor(folder: ImageFolder, set: BackupSet, codec: BlockCodec) {
		this.#folder = folder;
		this.#set = set;
		this.#codec = codec;
		this.#reader = new IndexReader(folder, { codec });
	}

	/**
	 * Goes on to the next of the set's points; none that lacks no files may be left out.
	 * @param cipher of its file, where that is encrypted
	 * @throws AfterimageError `image-damaged`, `file-missing`, `password-needed`, `cancelled`
	 */
	async advance(
		point: RestorePoint,
		cipher: PayloadKeys['cipher'],
		signal: AbortSignal,
	): Promise<readonly TrackedPartition[]> {
		const before = this.#partitions;
		this.#partitions = new Map();
		const { manifest } = await readWhole(this.#folder, point.member, { codec: this.#codec, cipher });
		const limits = fileLimits(this.#set, point.member);
		const next = new Map<string, TrackedPartition>();
		for (const [d, disk] of manifest.disks.entries()) {
			for (const [p, partition] of disk.partitions.entries()) {
				const place = `${d} ${p}`;
				const layout = partitionLayout(partition);
				const known = [before.get(place), this.#full.get(place)].map((one) =>
					one !== undefined && sameLayout(one.layout, layout) ? one : undefined,
				);
				const indexes =
					(await this.#readOwn(point, [d, p], layout, known, limits, signal)) ??
					(await this.#resolve(point, [d, p], signal));
				const { blocks, reserved, isSame } = indexes;
				const now = { disk, diskPlace: d, partition, layout, blocks, reserved };
				const [last] = known;
				const same = isSame && last !== undefined && isAlike(last, now);
				next.set(place, { ...now, contents: same ? last.contents : ++this.#contents });
			}
		}
		this.#partitions = next;
		return [...next.values()];
	}

	/** Keeps what is known of the full, now that its blocks were looked at; what comes may refer to it. */
	keepFull(point: RestorePoint): void {
		const later = this.#set.points.filter((other) => other.fileNumber > point.fileNumber);
		if (point.type !== 'full' || later.every((other) => other.member.header.delta_index)) return;
		for (const [place, one] of this.#partitions) {
			this.#full.set(place, { ...one, blocks: one.blocks.clone(), reserved: one.reserved.clone() });
		}
	}

	/** Tells the full's indexes what has been found out about blocks of the backup that the walk has come to. */
	learn(partition: TrackedPartition, which: 'blocks' | 'reserved', blocks: Uint32Array): void {
		const place = `${partition.diskPlace} ${partition.disk.partitions.indexOf(partition.partition)}`;
		const full = this.#full.get(place);
		if (full !== undefined && sameLayout(full.layout, partition.layout)) full[which].learn(partition[which], blocks);
	}

	/** The indexes by what the file brings itself; undefined where it stands on what is not known. */
	#readOwn(
		point: RestorePoint,
		[d, p]: readonly [number, number],
		layout: PartitionLayout,
		known: readonly (TrackedPartition | undefined)[],
		limits: FileLimits,
		signal: AbortSignal,
	): Promise<ReadIndexes | undefined> {
		return this.#reader.with(point.member, async (source, locations) => {
			const location = locations[d]?.[p];
			const [before] = known;
			if (location === undefined || (location.delta && before === undefined)) return undefined;
			const others = known.filter((one) => one !== undefined);
			let blocks: TrackedIndex;
			let isSame: boolean;
			if (location.delta) {
				const delta = new DeltaIndex(layout.blockCount);
				await readDelta(source, location, delta, signal);
				checkIndex(delta.stored, layout, limits);
				blocks = before!.blocks;
				isSame = !blocks.apply(delta);
			} else {
				const index = new BlockIndex(layout.blockCount);
				await readComplete(source, location, index, signal);
				checkIndex(index, layout, limits);
				isSame = before?.blocks.index.equals(index) === true;
				blocks = new TrackedIndex(
					index,
					others.map((one) => one.blocks),
				);
			}
			const reserved = await readReserved(source, location);
			checkReserved(reserved, layout, limits);
			const sameCount = others.map((one) => one.reserved).filter(({ index }) => index.count === reserved.count);
			return { blocks, reserved: new TrackedIndex(reserved, sameCount), isSame };
		});
	}

	async #resolve(point: RestorePoint, [d, p]: readonly [number, number], signal: AbortSignal): Promise<ReadIndexes> {
		const indexes = await openIndexes(this.#folder, this.#set, point, { codec: this.#codec });
		const { index, reserved } = await indexes.resolve(d, p, signal);
		return { blocks: new TrackedIndex(index), reserved: new TrackedIndex(reserved), isSame: false };
	}
}

interface ReadIndexes extends Pick<TrackedPartition, 'blocks' | 'reserved'> {
	/** The blocks are those of the backup before. */
	readonly isSame: boolean;
}

/** Whether a partition whose blocks are the same is told as the same, and has the same reserved blocks, wherever these lie. */
function isAlike(before: Omit<TrackedPartition, 'contents'>, now: Omit<TrackedPartition, 'contents'>): boolean {
	const told = ({ disk, partition }: Omit<TrackedPartition, 'contents'>) =>
		[disk._header.disk_number, partition._header.partition_number, partition._file_system.type].join(' ');
	const [one, other] = [before.reserved.index, now.reserved.index];
	if (told(before) !== told(now) || one.count !== other.count) return false;
	const md5 = new Uint8Array(16);
	for (let block = 0; block < one.count; block++) {
		one.copyMd5(block, md5);
		if (!other.hasMd5(block, md5, 0)) return false;
	}
	return true;
}

function sameLayout(a: PartitionLayout, b: PartitionLayout): boolean {
	return (Object.keys(a) as (keyof PartitionLayout)[]).every((key) => a[key] === b[key]);
}
