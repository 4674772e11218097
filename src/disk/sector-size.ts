import { readBytes, type ByteSource } from '../base/bytes.ts';
import { hasGptSignature } from './gpt/table.ts';
import type { SectorSize } from './layout.ts';

/**
 * Sector size of a raw disk file, which does not tell it itself: 4096 when a GPT header stands at byte 4096 and none at
 * byte 512, else 512. Devices know their own.
 */
export async function detectSectorSize(source: ByteSource): Promise<SectorSize> {
	if (source.size < 4096 + 512) return 512;
	const start = await readBytes(source, 0, 4096 + 512);
	return hasGptSignature(start.subarray(4096)) && !hasGptSignature(start.subarray(512)) ? 4096 : 512;
}
