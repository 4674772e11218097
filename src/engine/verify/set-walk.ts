import type { BackupSet, RestorePoint } from '../../image/set/backup-set.ts';
import { BlockIndex } from '../../image/index/block-index.ts';
import { openIndexes } from '../../image/set/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { DeltaIndex } from '../../image/index/delta-index.ts';
import type { ImageFolder } from '../../image/set/image-folder.ts';
import { checkIndex, checkReserved, fileLimits, type FileLimits } from '../../image/index/index-check.ts';
import { readComplete, readDelta, readReserved, readSome } from '../../image/index/index-read.ts';
import type { ManifestDisk, ManifestPartition } from '../../image/manifest.ts';
import { IndexReader, readWhole } from '../../image/set/member-reader.ts';
import type { PayloadKeys } from '../../image/metadata/metadata-read.ts';
import { partitionLayout, type PartitionLayout } from '../../image/partition-layout.ts';
import { KeptFull } from './kept-full.ts';
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
	/** What is known of the full, where differentials stand on it. */
	#full = new Map<string, KeptFull>();
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
				const last = alike(before.get(place), layout);
				const full = alike(this.#full.get(place), layout);
				const indexes =
					(await this.#readOwn(point, [d, p], layout, { before: last, full }, limits, signal)) ??
					(await this.#resolve(point, [d, p], signal));
				const { blocks, reserved, isSame } = indexes;
				const now = { disk, diskPlace: d, partition, layout, blocks, reserved };
				const same = isSame && last !== undefined && isAlike(last, now);
				next.set(place, { ...now, contents: same ? last.contents : ++this.#contents });
			}
		}
		this.#partitions = next;
		return [...next.values()];
	}

	/**
	 * Keeps what is known of the full, now that its blocks were looked at; what comes may refer to it.
	 * @param signal ends later looks into its index
	 */
	keepFull(point: RestorePoint, signal: AbortSignal): void {
		const later = this.#set.points.filter((other) => other.fileNumber > point.fileNumber);
		if (point.type !== 'full' || later.every((other) => other.member.header.delta_index)) return;
		for (const [place, one] of this.#partitions) {
			const [d, p] = [one.diskPlace, one.disk.partitions.indexOf(one.partition)];
			const kept = new KeptFull(one, (blocks, take) =>
				this.#reader.with(point.member, (source, locations) =>
					readSome(source, locations[d]![p]!, blocks, take, signal),
				),
			);
			this.#full.set(place, kept);
		}
	}

	/** Tells what is kept of the full what has been found out about blocks of the backup that the walk has come to. */
	async learn(partition: TrackedPartition, blocks: Uint32Array, reserved: Uint32Array): Promise<void> {
		const place = `${partition.diskPlace} ${partition.disk.partitions.indexOf(partition.partition)}`;
		const full = alike(this.#full.get(place), partition.layout);
		await full?.learn(partition.blocks, blocks);
		full?.reserved.learn(partition.reserved, reserved);
	}

	/** The indexes by what the file brings itself; undefined where it stands on what is not known. */
	#readOwn(
		point: RestorePoint,
		[d, p]: readonly [number, number],
		layout: PartitionLayout,
		{ before, full }: { readonly before: TrackedPartition | undefined; readonly full: KeptFull | undefined },
		limits: FileLimits,
		signal: AbortSignal,
	): Promise<ReadIndexes | undefined> {
		return this.#reader.with(point.member, async (source, locations) => {
			const location = locations[d]?.[p];
			if (location === undefined || (location.delta && before === undefined)) return undefined;
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
				blocks = new TrackedIndex(index, before === undefined ? [] : [before.blocks]);
				await full?.tell(blocks);
			}
			const reserved = await readReserved(source, location);
			checkReserved(reserved, layout, limits);
			const known = [before, full].flatMap((one) =>
				one?.reserved.index.count === reserved.count ? [one.reserved] : [],
			);
			return { blocks, reserved: new TrackedIndex(reserved, known), isSame };
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

/** What is of the same layout. */
function alike<T extends { readonly layout: PartitionLayout }>(one: T | undefined, layout: PartitionLayout) {
	return one !== undefined && sameLayout(one.layout, layout) ? one : undefined;
}

function sameLayout(a: PartitionLayout, b: PartitionLayout): boolean {
	return (Object.keys(a) as (keyof PartitionLayout)[]).every((key) => a[key] === b[key]);
}
