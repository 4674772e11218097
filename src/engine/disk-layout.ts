import type { ByteSource } from '../base/bytes.ts';
import type { DiskLayout } from '../disk/partition-table/layout.ts';
import { readDiskLayout } from '../disk/partition-table/read-layout.ts';
import { detectSectorSize } from '../disk/partition-table/sector-size.ts';
import type { OpenDisk } from './ports/disk-port.ts';

/**
 * The partition table of an open disk; a raw file's sector size is told from what it holds.
 * @param source what to read instead of the disk itself
 */
export async function layoutOf({ device }: OpenDisk, source: ByteSource): Promise<DiskLayout> {
	if (device.kind !== 'file') return readDiskLayout(source, device.sectorSize === 4096 ? 4096 : 512);
	const { sectorSize, warning } = await detectSectorSize(source);
	const layout = await readDiskLayout(source, sectorSize);
	return warning === undefined ? layout : { ...layout, warnings: [warning, ...layout.warnings] };
}
