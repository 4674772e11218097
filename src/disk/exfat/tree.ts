import type { ByteSource } from '../../base/bytes.ts';
import type { AllocationTable } from '../fat-family/allocation-table.ts';
import { wholeChain } from '../fat-family/cluster-chain.ts';
import { ClusterRuns } from '../fat-family/cluster-runs.ts';
import { clusterPieces, ClusterSource, collectClusters, type ClusterPlaces } from '../fat-family/cluster-source.ts';
import type { DamagedNode, ExtentSink, FileNode, FileTree, FolderNode, TreeNode } from '../files.ts';
import { FolderPlaces } from '../folder-places.ts';
import { damagedName, isNodeName } from '../fat-family/utf16-name.ts';
import type { ExfatGeometry } from './boot-sector.ts';
import { exfatTable } from './chain.ts';
import type { ExfatEntry } from './entry-set.ts';
import { ExfatListing } from './listing.ts';
import { longestFolder, type ExfatRoot } from './root.ts';

/** A volume whose files are read. */
interface ExfatVolume {
	readonly geometry: ExfatGeometry;
	readonly places: ClusterPlaces;
	readonly table: AllocationTable;
	/** By their first clusters. */
	readonly folders: FolderPlaces;
}

/** The files of an exFAT volume. Its FAT is read as far as they need it. */
export function exfatTree(volume: ByteSource, geometry: ExfatGeometry, { runs }: ExfatRoot): FileTree {
	const places = { volume, offset: geometry.heapOffset, clusterSize: geometry.clusterSize };
	const { rootCluster } = geometry;
	const folders = new FolderPlaces(rootCluster);
	const opened: ExfatVolume = { geometry, places, table: exfatTable(volume, geometry), folders };
	const root = { name: '', modified: undefined, firstCluster: rootCluster };
	return { root: new ExfatFolder(opened, root, async () => runs), caseSensitive: false };
}

class ExfatFolder implements FolderNode {
	readonly kind = 'folder';
	readonly name: string;
	readonly modified: number | undefined;
	readonly mode = undefined;
	readonly #firstCluster: number;
	readonly #volume: ExfatVolume;
	readonly #findRuns: (signal: AbortSignal | undefined) => Promise<ClusterRuns>;

	constructor(
		volume: ExfatVolume,
		{ name, modified, firstCluster }: Pick<ExfatEntry, 'name' | 'modified' | 'firstCluster'>,
		findRuns: (signal: AbortSignal | undefined) => Promise<ClusterRuns>,
	) {
		this.#volume = volume;
		this.name = name;
		this.modified = modified;
		this.#firstCluster = firstCluster;
		this.#findRuns = findRuns;
	}

	async list(signal?: AbortSignal): Promise<readonly TreeNode[]> {
		const listing = new ExfatListing();
		const runs = await this.#findRuns(signal);
		for await (const { bytes, at } of clusterPieces(this.#volume.places, runs, signal)) {
			if (listing.add(bytes, at)) break;
		}
		listing.end();
		const isOnlyPlace = this.#volume.folders.listing(this.#firstCluster);
		const nodes = listing.entries.map((entry) => this.#node(entry, isOnlyPlace));
		for (const { name, reason } of listing.damaged) nodes.push(damagedNode(name, undefined, reason));
		return nodes;
	}

	async collectExtents(sink: ExtentSink, signal?: AbortSignal): Promise<void> {
		const { places } = this.#volume;
		const runs = await this.#findRuns(signal);
		collectClusters(places, runs, runs.clusters * places.clusterSize, sink);
	}

	#node(entry: ExfatEntry, isOnlyPlace: (firstCluster: number) => boolean): TreeNode {
		const reason = this.#objection(entry, isOnlyPlace);
		if (reason !== undefined) {
			const text = `exFAT directory entries at byte ${entry.at}: ${reason}`;
			return damagedNode(entry.name, entry.modified, text);
		}
		if (!entry.folder) return new ExfatFile(this.#volume, entry);
		return new ExfatFolder(this.#volume, entry, (signal) => runsOf(this.#volume, entry, signal));
	}

	/** Why an entry whose set is sound cannot be right. */
	#objection(
		{ name, folder, contiguous, firstCluster, size }: ExfatEntry,
		isOnlyPlace: (firstCluster: number) => boolean,
	): string | undefined {
		const { geometry, table } = this.#volume;
		if (!isNodeName(name)) return 'its name has characters that no name may have';
		if (size === 0) return undefined;
		const most = folder ? longestFolder : geometry.clusterCount * geometry.clusterSize;
		if (size > most) return `expected at most ${most} bytes, found ${size}`;
		if (!table.isCluster(firstCluster)) {
			return `expected its first cluster from 2 to ${geometry.clusterCount + 1}, found ${firstCluster}`;
		}
		const last = firstCluster + Math.ceil(size / geometry.clusterSize) - 1;
		if (contiguous && !table.isCluster(last)) {
			return `expected its last cluster from 2 to ${geometry.clusterCount + 1}, found ${last}`;
		}
		return folder && !isOnlyPlace(firstCluster) ? 'its folder is listed in more than one place' : undefined;
	}
}

class ExfatFile implements FileNode {
	readonly kind = 'file';
	readonly name: string;
	readonly modified: number | undefined;
	readonly mode = undefined;
	readonly size: number;
	readonly #entry: ExfatEntry;
	readonly #volume: ExfatVolume;

	constructor(volume: ExfatVolume, entry: ExfatEntry) {
		this.#volume = volume;
		this.#entry = entry;
		this.name = entry.name;
		this.modified = entry.modified;
		this.size = entry.size;
	}

	async open(signal?: AbortSignal): Promise<ByteSource> {
		const { size, validSize } = this.#entry;
		const runs = await runsOf(this.#volume, this.#entry, signal);
		return new ClusterSource(this.#volume.places, runs, size, validSize);
	}

	async collectExtents(sink: ExtentSink, signal?: AbortSignal): Promise<void> {
		const runs = await runsOf(this.#volume, this.#entry, signal);
		collectClusters(this.#volume.places, runs, this.#entry.validSize, sink);
	}
}

/** The clusters of a file or folder. @throws AfterimageError as `wholeChain` */
async function runsOf(
	{ places, table }: ExfatVolume,
	{ name, folder, contiguous, firstCluster, size }: ExfatEntry,
	signal: AbortSignal | undefined,
): Promise<ClusterRuns> {
	const needed = Math.ceil(size / places.clusterSize);
	if (needed === 0) return new ClusterRuns();
	if (contiguous) return ClusterRuns.contiguous(firstCluster, needed);
	return wholeChain(table, `${folder ? 'folder' : 'file'} ${name} of ${size} bytes`, firstCluster, needed, signal);
}

function damagedNode(name: string, modified: number | undefined, reason: string): DamagedNode {
	return { kind: 'damaged', name: damagedName(name), modified, mode: undefined, reason };
}
