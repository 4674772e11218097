import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { hasGptSignature } from './gpt/table.ts';
import type { DetectedSectorSize } from './layout.ts';
import { isBootSector } from './mbr/bare.ts';
import { mbrKind } from './mbr/read.ts';
import { mbrSectorSize } from './mbr/sector-size.ts';

/**
 * Sector size of a raw disk file, which does not tell it itself: 4096 when a GPT header stands at byte 4096 and none at
 * byte 512, or when what an MBR names is found with sectors of 4096 bytes and not with 512; else 512. Devices know their
 * own.
 * @throws AfterimageError `read-error` for the file's start
 */
export async function detectSectorSize(source: ByteSource): Promise<DetectedSectorSize> {
	if (source.size < 4096 + 512) return { sectorSize: 512 };
	const start = await readBytes(source, 0, 4096 + 512);
	if (hasGptSignature(start.subarray(512))) return { sectorSize: 512 };
	if (hasGptSignature(start.subarray(4096))) return { sectorSize: 4096 };
	const sector = start.subarray(0, 512);
	if (mbrKind(sector) !== 'partitions' || isBootSector(sector, source.size, 512)) return { sectorSize: 512 };
	return mbrSectorSize(source, sector);
}
