import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { gptArraySectors, planGpt } from './gpt/rebuild.ts';
import type { DiskLayout } from './layout.ts';

/** Real images hold 63 sectors, the first track of old, though a partition may begin earlier. */
const leastSectors = 63;
const most = 1024 * 1024;

/** Bytes of a disk's start that an image keeps. @param starts bytes where partitions and extended partitions begin */
export function track0Length(size: number, sectorSize: number, starts: readonly number[]): number {
	return Math.min(size, most, Math.max(Math.min(size, ...starts), leastSectors * sectorSize));
}

/**
 * The bytes for the image's `$TRACK0`. Where the disk's own primary GPT cannot serve a restore (it is damaged, or its
 * entry array lies elsewhere), the table in use is written into the copy; the disk itself is not touched.
 */
export async function readTrack0(source: ByteSource, layout: DiskLayout): Promise<Uint8Array> {
	const track0 = await readBytes(source, 0, layout.track0Length);
	const { gpt, sectorSize } = layout;
	if (gpt === undefined) return track0;
	const arrayEnd = (gpt.entryLba + gptArraySectors(gpt)) * sectorSize;
	if (gpt.myLba === 1 && arrayEnd <= track0.length) return track0;
	const sectors = Math.floor(layout.size / sectorSize);
	for (const { offset, data } of planGpt(gpt, track0.subarray(0, sectorSize), sectors)) {
		if (offset > 0 && offset + data.length <= track0.length) track0.set(data, offset);
	}
	return track0;
}
