import { AfterimageError } from '../../base/errors.ts';
import type { BlockIndex } from '../../image/index/block-index.ts';
import { openIndexes, type ResolvedIndex } from '../../image/set/chain.ts';
import { partitionLayout, rawLength, type PartitionLayout } from '../../image/partition-layout.ts';
import { numbersOf } from '../../image/set/set-member.ts';
import type { CompareInfo } from '../../protocol/backups.ts';
import type { JobContext } from '../job-context.ts';
import { findPoint } from '../load/open-image.ts';

/** Blocks between two pauses that let other work run. */
const blocksPerTurn = 1 << 18;

/**
 * What changed between a backup and the one that it stands on, from the indexes alone: no password is needed.
 * @throws AfterimageError `invalid-argument` for a full, `file-missing`, `image-damaged`
 */
export async function runCompare(file: string, context: JobContext): Promise<CompareInfo> {
	const codec = context.createCodec();
	try {
		const { folder, set, point, path } = await findPoint(file, codec, context.signal);
		const { parent } = point;
		if (parent === undefined) {
			throw new AfterimageError('invalid-argument', `${path} stands on no other backup: there is nothing to compare`, {
				advice: 'Choose an incremental or a differential.',
			});
		}
		const now = await openIndexes(folder, set, point, { codec });
		const before = await openIndexes(folder, set, parent, { codec });
		const own = new Set(point.parts.flatMap(numbersOf));
		const partitions: CompareInfo['partitions'][number][] = [];
		for (const [d, disk] of now.manifest.disks.entries()) {
			for (const [p, partition] of disk.partitions.entries()) {
				const after = await now.resolve(d, p, context.signal);
				const earlier = await before.resolve(d, p, context.signal);
				partitions.push({
					disk: disk._header.disk_number,
					partition: partition._header.partition_number,
					label: partition._file_system.volume_label,
					...(await countChanges(earlier, after, partitionLayout(partition), own)),
				});
			}
		}
		return { file: path, previous: parent.member.path, partitions };
	} finally {
		codec.dispose();
	}
}

type Changes = Omit<CompareInfo['partitions'][number], 'disk' | 'partition' | 'label'>;

async function countChanges(
	before: ResolvedIndex,
	after: ResolvedIndex,
	layout: PartitionLayout,
	own: ReadonlySet<number>,
): Promise<Changes> {
	const counts = { changedBlocks: 0, newBlocks: 0, freedBlocks: 0, changedBytes: 0, storedBytes: 0 };
	const [old, now] = [before.index, after.index];
	const md5 = new Uint8Array(16);
	let steps = 0;
	for (let block = nextOf(old, now, 0); block < now.count; block = nextOf(old, now, block + 1)) {
		if (++steps % blocksPerTurn === 0) await new Promise((resume) => setImmediate(resume));
		if (now.isHole(block)) {
			counts.freedBlocks++;
			continue;
		}
		if (own.has(now.fileNumber(block))) counts.storedBytes += now.storedLength(block);
		now.copyMd5(block, md5);
		if (block < old.count && old.hasMd5(block, md5, 0)) continue;
		if (block >= old.count || old.isHole(block)) counts.newBlocks++;
		else counts.changedBlocks++;
		counts.changedBytes += rawLength(layout, block);
	}
	const { reserved } = after;
	for (let block = reserved.next(0); block < reserved.count; block = reserved.next(block + 1)) {
		if (own.has(reserved.fileNumber(block))) counts.storedBytes += reserved.storedLength(block);
	}
	return counts;
}

/** The first block from `from` on that either index has stored. */
function nextOf(a: BlockIndex, b: BlockIndex, from: number): number {
	const inA = from < a.count ? a.next(from) : a.count;
	return Math.min(inA === a.count ? b.count : inA, b.next(from));
}
