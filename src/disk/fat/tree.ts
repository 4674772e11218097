import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { AllocationTable } from '../fat-family/allocation-table.ts';
import { followChain, wholeChain } from '../fat-family/cluster-chain.ts';
import { ClusterRuns } from '../fat-family/cluster-runs.ts';
import {
	clusterPieces,
	ClusterSource,
	collectClusters,
	volumePieces,
	type ClusterPlaces,
	type VolumePiece,
} from '../fat-family/cluster-source.ts';
import type { DamagedNode, ExtentSink, FileNode, FileTree, FolderNode, TreeNode } from '../files.ts';
import { FolderPlaces } from '../folder-places.ts';
import { damagedName, isNodeName } from '../fat-family/utf16-name.ts';
import type { FatGeometry } from './boot-sector.ts';
import { FatListing, type FatEntry } from './listing.ts';

/**
 * The specification stops at 65,536 entries, 2 MiB, and so do Windows and Linux where they add some; Linux reads on where
 * there are more. Bytes.
 */
const longestFolder = 4 * 65_536 * 32;

/** A volume whose files are read. */
interface FatVolume {
	readonly geometry: FatGeometry;
	readonly places: ClusterPlaces;
	readonly table: AllocationTable;
	/** By their first clusters. */
	readonly folders: FolderPlaces;
}

/** The files of a FAT volume. Its FAT is read as far as they need it. */
export function fatTree(volume: ByteSource, geometry: FatGeometry): FileTree {
	const { type, fatOffset, fatLength, activeFat, clusterCount, dataOffset, clusterSize, rootCluster } = geometry;
	const offset = fatOffset + (activeFat ?? 0) * fatLength;
	const opened: FatVolume = {
		geometry,
		places: { volume, offset: dataOffset, clusterSize },
		table: new AllocationTable(volume, { kind: type, offset, clusterCount }),
		folders: new FolderPlaces(rootCluster),
	};
	const root = new FatFolder(opened, { name: '', modified: undefined, firstCluster: rootCluster });
	return { root, caseSensitive: false };
}

class FatFolder implements FolderNode {
	readonly kind = 'folder';
	readonly name: string;
	readonly modified: number | undefined;
	readonly mode = undefined;
	/** 0 for the root of FAT12 and FAT16, which lies in no clusters. */
	readonly #firstCluster: number;
	readonly #volume: FatVolume;

	constructor(
		volume: FatVolume,
		{ name, modified, firstCluster }: Pick<FatEntry, 'name' | 'modified' | 'firstCluster'>,
	) {
		this.#volume = volume;
		this.name = name;
		this.modified = modified;
		this.#firstCluster = firstCluster;
	}

	async list(signal?: AbortSignal): Promise<readonly TreeNode[]> {
		const listing = new FatListing(this.#volume.geometry.type === 'FAT32');
		for await (const { bytes, at } of this.#pieces(signal)) if (listing.add(bytes, at)) break;
		const isOnlyPlace = this.#volume.folders.listing(this.#firstCluster);
		return listing.entries.map((entry) => this.#node(entry, isOnlyPlace));
	}

	/** What lies behind the end mark is not asked for, and so may be damaged. */
	async *#pieces(signal: AbortSignal | undefined): AsyncGenerator<VolumePiece> {
		const { geometry, places, table } = this.#volume;
		if (this.#firstCluster === 0) {
			yield* volumePieces(places.volume, geometry.rootOffset, geometry.rootLength, signal);
			return;
		}
		const { runs, objection } = await this.#chain(table, signal);
		yield* clusterPieces(places, runs, signal);
		if (objection !== undefined) throw objection;
	}

	async collectExtents(sink: ExtentSink, signal?: AbortSignal): Promise<void> {
		const { geometry, places, table } = this.#volume;
		if (this.#firstCluster === 0) {
			sink.add(geometry.rootOffset, geometry.rootOffset + geometry.rootLength);
			return;
		}
		const { runs, objection } = await this.#chain(table, signal);
		collectClusters(places, runs, runs.clusters * geometry.clusterSize, sink);
		if (objection !== undefined) throw objection;
	}

	/** Its clusters, and what is wrong when they are not all. */
	async #chain(table: AllocationTable, signal: AbortSignal | undefined) {
		const what = this.name === '' ? 'the root folder' : `folder ${this.name}`;
		const most = Math.ceil(longestFolder / this.#volume.geometry.clusterSize);
		const { runs, ended, damage } = await followChain(table, what, this.#firstCluster, most, signal);
		if (ended) return { runs, objection: undefined };
		const place = table.locate(this.#firstCluster);
		const tooLong = () =>
			damaged('structure-damaged', `FAT chain of ${what}`, place, `at most ${most} clusters`, 'more');
		return { runs, objection: damage ?? tooLong() };
	}

	#node(entry: FatEntry, isOnlyPlace: (firstCluster: number) => boolean): TreeNode {
		const reason = this.#objection(entry, isOnlyPlace);
		if (reason !== undefined) return damagedNode(entry, `FAT directory entry at byte ${entry.at}: ${reason}`);
		return entry.folder ? new FatFolder(this.#volume, entry) : new FatFile(this.#volume, entry);
	}

	/** Why an entry cannot be right. */
	#objection(
		{ name, nameDamaged, folder, firstCluster, size }: FatEntry,
		isOnlyPlace: (firstCluster: number) => boolean,
	): string | undefined {
		const { geometry, table } = this.#volume;
		if (nameDamaged || !isNodeName(name)) return 'its name has characters that no name may have';
		if (!folder && size === 0) return undefined;
		if (!table.isCluster(firstCluster)) {
			return `expected its first cluster from 2 to ${geometry.clusterCount + 1}, found ${firstCluster}`;
		}
		if (!folder) {
			const room = geometry.clusterCount * geometry.clusterSize;
			return size > room ? `expected a size within the volume's ${room} bytes, found ${size}` : undefined;
		}
		return isOnlyPlace(firstCluster) ? undefined : 'its folder is listed in more than one place';
	}
}

class FatFile implements FileNode {
	readonly kind = 'file';
	readonly name: string;
	readonly modified: number | undefined;
	readonly mode = undefined;
	readonly size: number;
	readonly #firstCluster: number;
	readonly #volume: FatVolume;

	constructor(volume: FatVolume, { name, modified, size, firstCluster }: FatEntry) {
		this.#volume = volume;
		this.name = name;
		this.modified = modified;
		this.size = size;
		this.#firstCluster = firstCluster;
	}

	async open(signal?: AbortSignal): Promise<ByteSource> {
		return new ClusterSource(this.#volume.places, await this.#runs(signal), this.size, this.size);
	}

	async collectExtents(sink: ExtentSink, signal?: AbortSignal): Promise<void> {
		collectClusters(this.#volume.places, await this.#runs(signal), this.size, sink);
	}

	async #runs(signal: AbortSignal | undefined): Promise<ClusterRuns> {
		const { places, table } = this.#volume;
		const needed = Math.ceil(this.size / places.clusterSize);
		const what = `file ${this.name} of ${this.size} bytes`;
		return needed === 0 ? new ClusterRuns() : wholeChain(table, what, this.#firstCluster, needed, signal);
	}
}

function damagedNode({ name, modified }: FatEntry, reason: string): DamagedNode {
	return { kind: 'damaged', name: damagedName(name), modified, mode: undefined, reason };
}
