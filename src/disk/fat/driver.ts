import { readBytes, type ByteSource } from '../../base/bytes.ts';
import type { AfterimageError } from '../../base/errors.ts';
import { asDamage } from '../as-damage.ts';
import type { ClusterBits } from '../fat-family/cluster-bits.ts';
import type { FileSystem, FileSystemDriver, FileSystemInfo } from '../filesystem.ts';
import { serialText } from '../fat-family/serial.ts';
import { parseFatBootSector, type FatGeometry } from './boot-sector.ts';
import { fatDirty } from './dirty.ts';
import { readFatLabel } from './label.ts';
import { scanFat } from './scan.ts';
import { fatTree } from './tree.ts';

/** FAT12, FAT16 and FAT32 by Microsoft's FAT specification 1.03. The free count of FAT32's FSInfo is not believed: the FAT is counted. */
export const fatDriver: FileSystemDriver = {
	name: 'FAT',
	async open(volume, { signal }) {
		if (volume.size < 512) return undefined;
		const geometry = parseFatBootSector(await readBytes(volume, 0, 512), volume.size);
		if (geometry === undefined) return undefined;
		const scan = await scanFat(volume, geometry, signal).catch(asDamage);
		const dirty = 'message' in scan ? scan.message : await fatDirty(volume, geometry);
		const label = await readFatLabel(volume, geometry, signal);
		return fileSystem(volume, geometry, label, dirty, scan);
	},
};

function fileSystem(
	volume: ByteSource,
	geometry: FatGeometry,
	label: string,
	dirty: string | undefined,
	scan: ClusterBits | AfterimageError,
): FileSystem {
	const { clusterSize, clusterCount, dataOffset } = geometry;
	const usedClusters = 'message' in scan ? clusterCount : scan.setCount();
	const freeClusters = clusterCount - usedClusters;
	const info: FileSystemInfo = {
		type: geometry.type,
		label,
		uuid: geometry.serial === undefined ? '' : serialText(geometry.serial),
		size: geometry.size,
		used: geometry.size - freeClusters * clusterSize,
		free: freeClusters * clusterSize,
		clusterSize,
		totalClusters: clusterCount,
		freeClusters,
		dirty,
		reservedBytes: dataOffset,
	};
	return {
		info,
		async collectUsed(sink) {
			if ('message' in scan) throw scan;
			sink.add(0, dataOffset);
			scan.report(sink, dataOffset, clusterSize);
			// What follows the last whole cluster belongs to no file, and nothing says that it is free.
			sink.add(dataOffset + clusterCount * clusterSize, volume.size);
		},
		openFiles: async () => fatTree(volume, geometry),
	};
}
