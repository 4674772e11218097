import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { FolderNode, TreeNode } from '../../disk/files.ts';
import type { BackedUpPartition } from '../../protocol/files.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { openDisks, type OpenedDisk } from '../browse/open-disks.ts';
import { openPartition, openTree, recogniseImaged, warningsOf } from '../browse/open-partition.ts';
import { isUnreadable } from '../browse/read-files.ts';
import type { JobContext } from '../job-context.ts';
import type { MountedPartition, MountRequest } from '../requests/mount.ts';
import { folderOf, partitionName, rawFile, rootAs } from './synthetic-nodes.ts';
import type { MountedTree } from './tree-server.ts';

/** What a backup looks like as a folder. */
export interface OpenedTree {
	readonly tree: MountedTree;
	readonly partitions: readonly MountedPartition[];
	/** See `Mounted.raw`. */
	readonly raw: string | undefined;
	/** What the user has to know. */
	readonly warnings: readonly string[];
	/** Call it when nobody reads any more. */
	close(): Promise<void>;
}

type Context = Pick<JobContext, 'createBlockTools' | 'signal'>;

/** Type of a physical volume of LVM, whose folders are logical volumes. */
const volumesType = 'LVM2';
const rawFolder = 'raw';

/**
 * Opens what a mount shows: the files of a partition; those of several, each in a folder, with the bytes of all beside them; or
 * these bytes alone.
 * @throws AfterimageError `not-supported` when there are no files to show, and as `openPartition` and `openDisks`
 */
export async function openMountedTree(request: MountRequest, context: Context): Promise<OpenedTree> {
	const { partitions, raw } = request;
	const readable = partitions.filter(({ objection }) => objection === undefined);
	const warnings = partitions.flatMap(({ disk, partition, objection }) =>
		objection === undefined || raw ? [] : [notShown(disk, partition, objection.message)],
	);
	if (readable.length === 0 && !raw) throw withoutFiles(partitions);
	try {
		if (readable.length === 1 && !raw) return await openOne(request, readable[0]!, warnings, context);
		return await openSeveral(request, readable, warnings, context);
	} catch (error) {
		throw asImageDamage(error);
	}
}

function withoutFiles(partitions: readonly BackedUpPartition[]): AfterimageError {
	const [only] = partitions;
	const reason = partitions.length === 1 ? only?.objection?.message : undefined;
	return new AfterimageError('not-supported', reason ?? 'The backup has no partition with files to show', {
		advice: 'With --raw, the disk and its partitions are shown as files of their bytes.',
	});
}

function notShown(disk: number, partition: number, reason: string): string {
	return `Partition ${partition} of disk ${disk} is not shown as a folder: ${reason}`;
}

async function openOne(
	{ image, password }: MountRequest,
	{ disk, partition, label, size }: BackedUpPartition,
	warnings: readonly string[],
	context: Context,
): Promise<OpenedTree> {
	const opened = await openPartition({ image, disk, partition }, password, context);
	try {
		await opened.files.hold();
	} catch (error) {
		await opened.close();
		throw error;
	}
	const { root } = opened.tree;
	const { fileSystem } = opened;
	return {
		tree: { root, collections: new Set(fileSystem === volumesType ? [root] : []), size },
		partitions: [{ disk, partition, fileSystem, label, path: '' }],
		raw: undefined,
		warnings: [...warnings, ...opened.warnings],
		close: () => opened.close(),
	};
}

async function openSeveral(
	{ image, password, partitions, raw }: MountRequest,
	readable: readonly BackedUpPartition[],
	warnings: readonly string[],
	context: Context,
): Promise<OpenedTree> {
	const numbers = new Set(partitions.map(({ disk }) => disk));
	const [only] = numbers.size === 1 ? numbers : [];
	const opened = await openDisks(image, only, password, context);
	const { codec } = context.createBlockTools();
	const close = async () => {
		await opened.close();
		codec.dispose();
	};
	try {
		const disks = opened.disks.filter(({ number }) => numbers.has(number));
		const size = disks.reduce((sum, { bytes }) => sum + bytes.size, 0);
		const rawFiles = disks.flatMap((disk) => rawFilesOf(disk, disks.length === 1));
		const said = [...warnings, ...disks.flatMap((disk) => disk.warnings)];
		if (raw) {
			const tree = { root: folderOf('', rawFiles), collections: new Set<TreeNode>(), size };
			return { tree, partitions: [], raw: '', warnings: said, close };
		}
		const folders = new PartitionFolders(disks.length > 1);
		for (const { disk, partition, label } of readable) {
			const bytes = disks
				.find(({ number }) => number === disk)
				?.partitions.find(({ number }) => number === partition)?.bytes;
			if (bytes === undefined) continue;
			try {
				const recognised = await recogniseImaged(bytes, context.signal);
				const { tree, fileSystem } = await openTree(bytes, recognised, { disk, partition }, codec, context.signal);
				folders.add(tree.root, { disk, partition, fileSystem, label });
				said.push(...warningsOf(recognised));
			} catch (error) {
				const why = asImageDamage(error);
				if (!isUnreadable(why)) throw why;
				said.push(notShown(disk, partition, toErrorRecord(why).message));
			}
		}
		const root = folderOf('', [...folders.nodes(), folderOf(rawFolder, rawFiles)]);
		const tree = { root, collections: folders.collections(root), size };
		return { tree, partitions: folders.partitions, raw: rawFolder, warnings: said, close };
	} catch (error) {
		await close();
		throw error;
	}
}

function rawFilesOf({ number, bytes, partitions }: OpenedDisk, isOnly: boolean): TreeNode[] {
	const disk = isOnly ? 'disk' : `disk-${number}`;
	const before = isOnly ? '' : `${disk}-`;
	return [
		rawFile(`${disk}.raw`, bytes),
		...partitions.map((one) => rawFile(`${before}partition-${one.number}.raw`, one.bytes)),
	];
}

/** Folders of partitions; of several disks each in the folder of its disk. */
class PartitionFolders {
	readonly partitions: MountedPartition[] = [];
	readonly #several: boolean;
	readonly #byDisk = new Map<number, FolderNode[]>();
	readonly #volumes: FolderNode[] = [];
	#disks: readonly FolderNode[] = [];

	constructor(several: boolean) {
		this.#several = several;
	}

	add(root: FolderNode, partition: Omit<MountedPartition, 'path'>): void {
		const { disk } = partition;
		const name = partitionName(partition.partition, partition.label);
		const folder = rootAs(name, root);
		const of = this.#byDisk.get(disk) ?? [];
		this.#byDisk.set(disk, [...of, folder]);
		if (partition.fileSystem === volumesType) this.#volumes.push(folder);
		this.partitions.push({ ...partition, path: this.#several ? `${diskFolder(disk)}/${name}` : name });
	}

	nodes(): readonly FolderNode[] {
		if (!this.#several) return [...this.#byDisk.values()].flat();
		return (this.#disks = [...this.#byDisk].map(([disk, folders]) => folderOf(diskFolder(disk), folders)));
	}

	/** See `MountedTree.collections`; to be asked for after {@link nodes}. */
	collections(root: FolderNode): ReadonlySet<TreeNode> {
		return new Set([root, ...this.#disks, ...this.#volumes]);
	}
}

function diskFolder(disk: number): string {
	return `disk-${disk}`;
}
