import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { Chain } from '../../image/chain.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { openTree, recogniseImaged } from '../browse/open-partition.ts';
import type { JobContext } from '../job-context.ts';
import type { PartitionLoad } from '../load-plan.ts';
import type { Progress } from '../progress.ts';
import type { LeftOutFile } from '../requests/files.ts';
import type { BadBlockReport } from '../requests/verify.ts';
import { DamageAsZeros } from './damage-as-zeros.ts';
import { KeptPaths, PathLimit } from './kept-paths.ts';
import { LostParts } from './lost-ranges.ts';
import { eachLoad, heldBytes, isIn, type OpenedLoad } from './open-load.ts';
import type { DamagedFile, PartitionDamage } from './results.ts';
import { walkFiles } from './walk-files.ts';

/**
 * Finds the files and folders that lie in damaged blocks, in the structures of the file systems as the image has them. What
 * cannot be found out is told in the result. Does nothing where no block is bad.
 * @throws AfterimageError `cancelled`
 */
export async function nameDamage(
	bad: readonly BadBlockReport[],
	loads: readonly PartitionLoad[],
	chain: Chain,
	progress: Progress,
	context: JobContext,
): Promise<PartitionDamage[]> {
	if (bad.length === 0) return [];
	const hit = loads.filter((load) => bad.some((one) => isIn(one, load)));
	progress.start(
		'name-files',
		hit.reduce((sum, load) => sum + heldBytes(load), 0),
	);
	const limit = new PathLimit();
	const found: PartitionDamage[] = [];
	try {
		await eachLoad(hit, chain, bad, context, async (opened, load) => {
			found.push(await damageOf(opened, bad.filter((one) => isIn(one, load)).length, limit, progress, context));
		});
	} catch (error) {
		const objection = objectionOf(error);
		for (const load of hit.slice(found.length)) {
			const own = bad.filter((one) => isIn(one, load));
			const { disk, partition } = own[0]!;
			found.push({ ...nothing, disk, partition, badBlocks: own.length, otherBlocks: own.length, objection });
		}
	} finally {
		progress.stop();
	}
	return found;
}

const nothing = { fileSystem: '', files: [], fileCount: 0, unreadable: [], unreadableCount: 0 };

async function damageOf(
	{ name, bytes: whole, lost, codec }: OpenedLoad,
	badBlocks: number,
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
		badBlocks,
		otherBlocks: lost.unclaimed,
		objection,
	};
}

/** Whatever keeps names from being found is no reason to lose what was found out before. */
function objectionOf(error: unknown): string {
	if (!isAfterimageError(error) || error.code === 'cancelled') throw error;
	return toErrorRecord(asImageDamage(error)).message;
}
