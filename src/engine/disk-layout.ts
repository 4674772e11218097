import { readDiskLayout, type DiskLayout } from '../disk/layout.ts';
import { detectSectorSize } from '../disk/sector-size.ts';
import type { OpenDisk } from './ports.ts';

/** The partition table of an open disk; a raw file's sector size is told from what it holds. */
export async function layoutOf(disk: OpenDisk): Promise<DiskLayout> {
	const sectorSize =
		disk.device.kind === 'file' ? await detectSectorSize(disk) : disk.device.sectorSize === 4096 ? 4096 : 512;
	return readDiskLayout(disk, sectorSize);
}
