import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import type { FileSystem, FileSystemDriver, FileSystemInfo, OpenOptions } from '../filesystem.ts';
import { attributeTypes } from './records/attribute.ts';
import { scanBitmap } from './bitmap.ts';
import { parseBootSector, sectorBytes, type Geometry } from './boot-sector.ts';
import { ClusterRangeBuilder, type ClusterRanges } from './cluster-ranges.ts';
import { openFileTree } from './files/file-tree.ts';
import { inspectHealth, type VolumeHealth } from './health.ts';
import { Mft, systemRecords } from './records/mft.ts';
import { hibernationHeaderBytes, type PagingFile } from './paging-files.ts';
import { StreamSource, systemStream } from './records/stream.ts';
import { addSystemClusters } from './system-clusters.ts';
import { usedMap } from './used-map.ts';

/**
 * NTFS 1.2 to 3.1. The allocation map is $Bitmap; the contents of pagefile.sys, hiberfil.sys and swapfile.sys in the root
 * are left out of it. What lies behind the last cluster, with the backup boot sector, always belongs to the map.
 */
export const ntfsDriver: FileSystemDriver = { name: 'NTFS', open };

async function open(volume: ByteSource, options: OpenOptions): Promise<FileSystem | undefined> {
	if (volume.size < sectorBytes) return undefined;
	const geometry = parseBootSector(await readBytes(volume, 0, sectorBytes), volume.size);
	if (geometry === undefined) return undefined;
	const mft = await Mft.open(volume, geometry);
	const bitmap = await openBitmap(volume, geometry, mft);
	let used = 0;
	await scanBitmap(bitmap, geometry.totalClusters, (first, end) => (used += end - first), options.signal);
	const health = await inspectHealth(volume, geometry, mft, options);
	return {
		info: describe(volume, geometry, health, geometry.totalClusters - used),
		async collectUsed(sink, signal) {
			const { required, excluded } = await knownClusters(geometry, mft, health.pagingFiles, signal);
			const map = usedMap(required, excluded, geometry.clusterSize, sink);
			await scanBitmap(bitmap, geometry.totalClusters, (first, end) => map.run(first, end), signal);
			map.finish();
			// The backup boot sector, a remainder too short for a cluster, and whatever else lies there.
			sink.add(geometry.totalClusters * geometry.clusterSize, volume.size);
		},
		openFiles: ({ signal }) => openFileTree(volume, geometry, signal),
	};
}

async function openBitmap(volume: ByteSource, geometry: Geometry, mft: Mft): Promise<ByteSource> {
	const { attributes, record } = await mft.file({ number: systemRecords.bitmap, sequence: 0 });
	const stream = systemStream(attributes, attributeTypes.data, '$Bitmap', geometry);
	const needed = Math.ceil(geometry.totalClusters / 8);
	if (stream.initializedSize < needed)
		throw damaged('structure-damaged', '$Bitmap, size', record.at, `at least ${needed}`, stream.initializedSize);
	return new StreamSource(volume, geometry.clusterSize, stream);
}

function describe(
	volume: ByteSource,
	geometry: Geometry,
	{ label, dirty }: VolumeHealth,
	freeClusters: number,
): FileSystemInfo {
	const { bytesPerSector, clusterSize, totalClusters, volumeSize, mftLcn, recordSize, serial } = geometry;
	const size = Math.min(volume.size, volumeSize + bytesPerSector);
	const free = freeClusters * clusterSize;
	return {
		type: 'NTFS',
		label,
		uuid: serial,
		size,
		used: size - free,
		free,
		clusterSize,
		totalClusters,
		freeClusters,
		dirty,
		reservedBytes: 0,
		mft: { offset: mftLcn * clusterSize, recordSize },
	};
}

/** Clusters whose use is known without the bitmap, and those of them that an image leaves out. */
async function knownClusters(
	geometry: Geometry,
	mft: Mft,
	pagingFiles: readonly PagingFile[],
	signal: AbortSignal | undefined,
): Promise<{ required: ClusterRanges; excluded: ClusterRanges }> {
	const { clusterSize } = geometry;
	const required = new ClusterRangeBuilder();
	const excluded = new ClusterRangeBuilder();
	await addSystemClusters(required, geometry, mft, signal);
	for (const { name, stream, plain } of pagingFiles) {
		if (!plain) continue;
		required.addRuns(stream.runs);
		// The header of hiberfil.sys stays: Windows must never resume from an older one that a target still holds.
		const kept = name === 'hiberfil.sys' ? Math.ceil(hibernationHeaderBytes / clusterSize) : 0;
		excluded.addRuns(stream.runs, kept);
	}
	return {
		required: required.build('System and paging files', clusterSize),
		excluded: excluded.build('Paging files', clusterSize),
	};
}
