import type { ByteSource } from '../../base/bytes.ts';
import type { AfterimageError } from '../../base/errors.ts';
import { asDamage } from '../as-damage.ts';
import { popCount, reportRuns } from '../fat-family/cluster-bits.ts';
import type { FileSystem, FileSystemDriver, FileSystemInfo } from '../filesystem.ts';
import { serialText } from '../fat-family/serial.ts';
import { bitmapPieces, checkOwnClusters, locateBitmap, type ExfatBitmap } from './bitmap.ts';
import { readExfatBoot, type ExfatGeometry } from './boot-sector.ts';
import { readExfatRoot, type ExfatRoot } from './root.ts';
import { exfatTree } from './tree.ts';

/** exFAT by Microsoft's specification 1.00. */
export const exfatDriver: FileSystemDriver = {
	name: 'exFAT',
	async open(volume, { signal }) {
		const geometry = await readExfatBoot(volume);
		if (geometry === undefined) return undefined;
		const root = await readExfatRoot(volume, geometry, signal);
		const bitmap = await locateBitmap(volume, geometry, root, signal);
		const damage = await checkOwnClusters(volume, geometry, bitmap, root, signal).then(() => undefined, asDamage);
		let usedClusters = 0;
		for await (const { bits, count } of bitmapPieces(volume, geometry, bitmap, signal)) {
			usedClusters += popCount(bits, count);
		}
		return fileSystem(volume, geometry, bitmap, root, usedClusters, damage);
	},
};

function fileSystem(
	volume: ByteSource,
	geometry: ExfatGeometry,
	bitmap: ExfatBitmap,
	root: ExfatRoot,
	usedClusters: number,
	damage: AfterimageError | undefined,
): FileSystem {
	const { clusterSize, clusterCount, heapOffset } = geometry;
	const freeClusters = clusterCount - usedClusters;
	const info: FileSystemInfo = {
		type: 'exFAT',
		label: root.label,
		uuid: serialText(geometry.serial),
		size: geometry.size,
		used: geometry.size - freeClusters * clusterSize,
		free: freeClusters * clusterSize,
		clusterSize,
		totalClusters: clusterCount,
		freeClusters,
		dirty: damage?.message ?? dirtyReason(geometry.flags),
		reservedBytes: 0,
	};
	return {
		info,
		async collectUsed(sink, signal) {
			if (damage !== undefined) throw damage;
			sink.add(0, heapOffset);
			for await (const { bits, first, count } of bitmapPieces(volume, geometry, bitmap, signal)) {
				reportRuns(bits, first, count, sink, heapOffset, clusterSize);
			}
			// What follows the last whole cluster belongs to no file, and nothing says that it is free.
			sink.add(heapOffset + clusterCount * clusterSize, volume.size);
		},
		openFiles: async () => exfatTree(volume, geometry, root),
	};
}

/** Section 3.1.13: bits 1 and 2 of the volume flags. */
function dirtyReason(flags: number): string | undefined {
	if ((flags & 0x02) !== 0) return 'it was not cleanly unmounted (VolumeDirty flag)';
	if ((flags & 0x04) !== 0) return 'the last system that used it met read or write errors (MediaFailure flag)';
	return undefined;
}
