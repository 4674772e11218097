import { AfterimageError } from '../../base/errors.ts';
import type { Chain } from '../../image/set/chain.ts';
import type { ManifestDisk, ManifestPartition } from '../../image/manifest.ts';
import { findPoint, neededFiles, openNamed } from '../load/open-image.ts';
import { planSameTable } from '../restore/table/plan-table.ts';
import type { BlockTools } from './block-tools.ts';
import { DiskBytes } from './disk-bytes.ts';
import { ImageFiles } from './image-files.ts';
import type { OpeningContext } from './open-partition.ts';
import { PartitionBytes } from './partition-bytes.ts';

/** Bytes of decoded blocks that are kept for all partitions together. */
const cacheBytes = 64 * 2 ** 20;

/** A disk of a backup. */
export interface OpenedDisk {
	/** Number of the disk in the image. */
	readonly number: number;
	readonly manifest: ManifestDisk;
	readonly bytes: DiskBytes;
	readonly partitions: readonly OpenedDiskPartition[];
	/** What a restore would warn of. */
	readonly warnings: readonly string[];
}

export interface OpenedDiskPartition {
	/** Number of the partition in the image. */
	readonly number: number;
	readonly manifest: ManifestPartition;
	readonly bytes: PartitionBytes;
}

/** Disks of a backup, whole and by their partitions; the files of the chain are open meanwhile. */
export interface OpenedDisks {
	readonly disks: readonly OpenedDisk[];
	/** Call it when nobody reads any more. */
	close(): Promise<void>;
}

/**
 * Opens a disk of a backup, or all of them, and resolves the indexes of their partitions.
 * @param image path of an image file of the backup
 * @param number of a disk in the image; undefined = every disk
 * @throws AfterimageError `invalid-argument` for a disk that the image does not have, `password-needed`, `wrong-password`,
 * `image-damaged`, `source-missing`, `file-missing`, `permission-denied`, `cancelled`, and what {@link planSameTable} throws
 */
export async function openDisks(
	image: string,
	number: number | undefined,
	password: string | undefined,
	{ createBlockTools, signal }: OpeningContext,
): Promise<OpenedDisks> {
	const tools = createBlockTools();
	let files: ImageFiles | undefined;
	const disks: OpenedDisk[] = [];
	const close = async () => {
		for (const { partitions } of disks) for (const { bytes } of partitions) await bytes.quiet();
		await files?.close();
		tools.codec.dispose();
	};
	try {
		const named = await findPoint(image, tools.codec, signal);
		const chain = await openNamed(named, tools.codec, password);
		const places = placesOf(chain, number, named.path);
		files = await ImageFiles.of(neededFiles(chain));
		await files.hold();
		const partitions = places.reduce((sum, d) => sum + chain.manifest.disks[d]!.partitions.length, 0);
		const cache = Math.floor(cacheBytes / Math.max(4, partitions));
		for (const d of places) disks.push(await openDisk(chain, d, files, tools, cache, signal));
		// Indexes are read by path: they are of the files that are held only where nobody has put others there meanwhile.
		for (const [fileNumber] of neededFiles(chain)) await files.checkUnchanged(fileNumber);
		return { disks, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function openDisk(
	chain: Chain,
	d: number,
	files: ImageFiles,
	tools: BlockTools,
	cache: number,
	signal: AbortSignal,
): Promise<OpenedDisk> {
	const manifest = chain.manifest.disks[d]!;
	const disk = manifest._header.disk_number;
	const table = await planSameTable(manifest, chain.disks[d]!);
	const partitions: OpenedDiskPartition[] = [];
	for (const [p, partition] of manifest.partitions.entries()) {
		const name = { disk, partition: partition._header.partition_number };
		const bytes = new PartitionBytes(await chain.resolve(d, p, signal), files, tools, name, cache);
		partitions.push({ number: name.partition, manifest: partition, bytes });
	}
	const placed = partitions.map(({ manifest: { _geometry }, bytes }) => ({ start: _geometry.start, bytes }));
	const bytes = new DiskBytes(manifest._geometry.disk_size, placed, table.writes);
	return { number: disk, manifest, bytes, partitions, warnings: table.warnings };
}

/** Places of the chosen disks in `manifest.disks`. */
function placesOf({ manifest }: Chain, number: number | undefined, image: string): number[] {
	const numbers = manifest.disks.map((disk) => disk._header.disk_number);
	const places = [...numbers.keys()].filter((d) => number === undefined || numbers[d] === number);
	if (places.length > 0) return places;
	const what = number === undefined ? 'disk' : `disk ${number}`;
	throw new AfterimageError('invalid-argument', `${image} has no ${what}; it has ${numbers.join(', ') || 'none'}`, {
		details: { image, disk: number ?? '' },
	});
}
