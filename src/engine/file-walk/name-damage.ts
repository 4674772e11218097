import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { numbersOf } from '../browse/each-partition.ts';
import { openTree, recogniseImaged } from '../browse/open-partition.ts';
import type { JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { LeftOutFile } from '../requests/files.ts';
import { DamageAsZeros } from './damage-as-zeros.ts';
import { KeptPaths, PathLimit } from './kept-paths.ts';
import { LostParts } from './lost-ranges.ts';
import { heldBytes, openEach, type OpenedPartition, type PartitionToWalk } from './open-partition.ts';
import type { DamagedFile, PartitionDamage } from './results.ts';
import { walkFiles } from './walk-files.ts';

/**
 * Finds the files and folders that lie in damaged blocks, in the structures of the file systems as the image has them. What
 * cannot be found out is told in the result. Partitions without a bad block are passed over.
 * @param files of the chain, by number
 * @throws AfterimageError `cancelled`
 */
export async function nameDamage(
	partitions: readonly PartitionToWalk[],
	files: Parameters<typeof openEach>[1],
	progress: Progress,
	context: JobContext,
	limit = new PathLimit(),
): Promise<PartitionDamage[]> {
	const hit = partitions.filter(isHit);
	if (hit.length === 0) return [];
	progress.start(
		'name-files',
		hit.reduce((sum, one) => sum + heldBytes(one), 0),
	);
	const found: PartitionDamage[] = [];
	try {
		await openEach(hit, files, context, async (opened) => {
			found.push(await damageOf(opened, limit, progress, context));
		});
	} catch (error) {
		const objection = objectionOf(error);
		for (const one of hit.slice(found.length)) found.push(unnamed(one, objection));
	} finally {
		progress.stop();
	}
	return found;
}

/** Whether a block of a partition is bad. */
export function isHit({ lost: { blocks, reserved } }: PartitionToWalk): boolean {
	return blocks.next(0) < blocks.count || reserved.next(0) < reserved.count;
}

/** The damage of a partition in which no files were looked for. */
export function unnamed(partition: PartitionToWalk, objection: string): PartitionDamage {
	const badBlocks = partition.lost.blocks.size() + partition.lost.reserved.size();
	const nothing = { fileSystem: '', files: [], fileCount: 0, unreadable: [], unreadableCount: 0 };
	return { ...numbersOf(partition), ...nothing, badBlocks, otherBlocks: badBlocks, objection };
}

async function damageOf(
	{ name, bytes: whole, lost, codec }: OpenedPartition,
	limit: PathLimit,
	progress: Progress,
	{ signal }: JobContext,
): Promise<PartitionDamage> {
	const files = new KeptPaths<DamagedFile>(limit);
	const unreadable = new KeptPaths<LeftOutFile>(limit);
	let fileSystem = '';
	let objection: string | undefined;
	const bytes = new DamageAsZeros(whole);
	try {
		const recognised = await recogniseImaged(bytes, signal);
		fileSystem = recognised.type;
		const opened = await openTree(bytes, recognised, name, codec, signal);
		const keep = (path: string, kind: string, bytesLost: number) => {
			if (bytesLost > 0) files.add({ path, kind: kind === 'folder' ? 'folder' : 'file', bytes: bytesLost });
		};
		await walkFiles(
			opened.tree,
			{
				begin: () => new LostParts(lost, (length) => progress.add(length, 0, 0)),
				end({ path, node }, { bytes: bytesLost }) {
					keep(path, node.kind, bytesLost);
					// Zeros may pass for the end of a folder.
					if (node.kind === 'folder' && bytesLost > 0) unreadable.add({ path, reason: 'entries of it are lost' });
				},
				unreadable({ path, node }, { bytes: bytesLost }, { message }) {
					keep(path, node.kind, bytesLost);
					unreadable.add({ path, reason: message });
				},
			},
			signal,
		);
	} catch (error) {
		objection = objectionOf(error);
	}
	return {
		...name,
		fileSystem,
		files: files.kept,
		fileCount: files.count,
		unreadable: unreadable.kept,
		unreadableCount: unreadable.count,
		badBlocks: lost.count,
		otherBlocks: lost.unclaimed,
		objection,
	};
}

/** Whatever keeps names from being found is no reason to lose what was found out before. */
function objectionOf(error: unknown): string {
	if (!isAfterimageError(error) || error.code === 'cancelled') throw error;
	return toErrorRecord(asImageDamage(error)).message;
}
