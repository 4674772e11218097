import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { FileTree } from '../../disk/files.ts';
import { pagingFileNames } from '../../disk/ntfs/paging-files.ts';
import { recognisePartition } from '../../disk/recognise-partition.ts';
import type { Recognised } from '../../disk/recognise.ts';
import { openTree } from '../browse/open-partition.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import type { JobContext } from '../job-context.ts';
import type { Progress } from '../progress.ts';
import type { LeftOutFile } from '../requests/files.ts';
import { HeldRanges, MissingExtents } from './held-ranges.ts';
import { KeptPaths, PathLimit } from './kept-paths.ts';
import { heldBytes, openEach, type OpenedPartition, type PartitionToWalk } from './open-partition.ts';
import type { FileSystemCheck } from './results.ts';
import { walkFiles } from './walk-files.ts';

/** File systems that an image may say it holds. */
const named = ['NTFS', 'FAT12', 'FAT16', 'FAT32', 'exFAT', 'ext'];

/**
 * Opens every file system in an image, as after a restore, and looks at everything in it: that folders list, and that the
 * places of files lie in blocks that the image holds. A backup that has forgotten some is found out by it.
 * @param files of the chain, by number
 * @throws AfterimageError `cancelled`, `file-missing`, `permission-denied`
 */
export async function checkFileSystems(
	partitions: readonly PartitionToWalk[],
	files: Parameters<typeof openEach>[1],
	progress: Progress,
	context: JobContext,
	limit = new PathLimit(),
): Promise<FileSystemCheck[]> {
	progress.start(
		'file-systems',
		partitions.reduce((sum, one) => sum + heldBytes(one), 0),
	);
	const checks: FileSystemCheck[] = [];
	await openEach(partitions, files, context, async (opened, partition) => {
		checks.push(await new Check(opened, partition, limit).run(progress, context.signal));
	});
	progress.stop();
	return checks;
}

class Check {
	readonly #opened: OpenedPartition;
	readonly #partition: PartitionToWalk;
	readonly #problems: KeptPaths<LeftOutFile>;
	readonly #warnings: KeptPaths<LeftOutFile>;
	#files = 0;
	#folders = 0;
	#notInOrder: readonly LeftOutFile[] = [];

	constructor(opened: OpenedPartition, partition: PartitionToWalk, limit: PathLimit) {
		this.#opened = opened;
		this.#partition = partition;
		this.#problems = new KeptPaths(limit);
		this.#warnings = new KeptPaths(limit);
	}

	async run(progress: Progress, signal: AbortSignal): Promise<FileSystemCheck> {
		const { bytes, codec, name } = this.#opened;
		let recognised: Recognised | undefined;
		let notChecked: string | undefined;
		try {
			recognised = await recognisePartition(bytes, { frozen: true, signal });
			const lie = this.#contradiction(recognised);
			if (lie !== undefined) this.#problems.add({ path: '', reason: lie });
			else {
				this.#notInOrder = reasonsOf(recognised);
				const { tree, fileSystem } = await openTree(bytes, recognised, name, codec, signal);
				await this.#walk(tree, fileSystem, progress, signal);
			}
		} catch (error) {
			if (!isUnreadable(error)) throw error;
			const { message } = toErrorRecord(asImageDamage(error));
			if (isAfterimageError(error, 'not-supported')) notChecked = message;
			else this.#found('', message);
		}
		return {
			...name,
			fileSystem: recognised?.type ?? '',
			notChecked,
			files: this.#files,
			folders: this.#folders,
			problems: this.#problems.kept,
			problemCount: this.#problems.count,
			warnings: this.#warnings.kept,
			warningCount: this.#warnings.count,
			notInOrder: this.#notInOrder,
		};
	}

	/** How what was found in the blocks cannot be what was imaged; undefined when it can. */
	#contradiction({ type, fileSystem, amiss, wholeReason }: Recognised): string | undefined {
		const said = this.#partition.partition._file_system.type;
		if (fileSystem === undefined && amiss && type !== 'unknown') return wholeReason;
		if (type !== 'unknown' || !named.includes(said)) return undefined;
		return `the image says that it holds ${said}, and none is found in its blocks`;
	}

	async #walk(tree: FileTree, fileSystem: string, progress: Progress, signal: AbortSignal): Promise<void> {
		const held = new HeldRanges(this.#partition.resolved);
		const leftOut = new Set<string>(fileSystem === 'NTFS' ? pagingFileNames : []);
		await walkFiles(
			tree,
			{
				begin: () => new MissingExtents(held, (length) => progress.add(length, 0, 0)),
				end: ({ path, node }, missing) => {
					if (node.kind === 'file') this.#files++;
					else if (node.kind === 'folder') this.#folders++;
					else if (node.kind === 'special' && fileSystem === 'LVM2' && !path.includes('/')) {
						this.#warnings.add({ path, reason: `not checked: it is a ${node.what}` });
					}
					if (!leftOut.has(path)) this.#missing(path, missing);
				},
				unreadable: ({ path }, missing, { code, message }) => {
					this.#missing(path, missing);
					if (code === 'not-supported') this.#warnings.add({ path, reason: `not checked: ${message}` });
					else this.#found(path, message);
				},
			},
			signal,
		);
	}

	#missing(path: string, { first, count }: MissingExtents): void {
		if (first === undefined) return;
		const pieces = count === 1 ? 'a piece of it' : `${count} pieces of it`;
		this.#found(path, `the image does not hold ${pieces}, the first at byte ${first} of the partition`);
	}

	#found(path: string, reason: string): void {
		const isWarning = this.#notInOrder.some(
			(volume) => volume.path === '' || path === volume.path || path.startsWith(`${volume.path}/`),
		);
		(isWarning ? this.#warnings : this.#problems).add({ path, reason });
	}
}

/** Why a file system, or that of a logical volume, is not in order; by the path of the volume. */
function reasonsOf({ amiss, fileSystem, wholeReason }: Recognised): LeftOutFile[] {
	const volumes = fileSystem?.volumes ?? [];
	return [
		...(amiss && wholeReason !== undefined ? [{ path: '', reason: wholeReason }] : []),
		...volumes.flatMap((volume) =>
			volume.amiss ? [{ path: volume.name, reason: volume.wholeReason ?? volume.type }] : [],
		),
	];
}
