import { guidToBytes } from '../../../src/base/guid.ts';
import { planGpt } from '../../../src/disk/gpt/rebuild.ts';
import { GptEntry } from '../../../src/disk/gpt/structures.ts';

const linuxFilesystem = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

/** A GPT disk in memory whose partitions hold bytes of no file system, so that all of them are stored. */
export function gptBytes(
	size: number,
	partitions: readonly { readonly start: number; readonly length: number }[],
	sectorSize = 512,
): Uint8Array {
	const bytes = new Uint8Array(size);
	const entries = new Uint8Array(128 * GptEntry.size);
	partitions.forEach(({ start, length }, i) => {
		const entry = new GptEntry(entries, i * GptEntry.size);
		entry.typeGuid = guidToBytes(linuxFilesystem);
		entry.partitionGuid = guidToBytes(`00000000-0000-4000-8000-00000000000${i + 1}`);
		entry.firstLba = start / sectorSize;
		entry.lastLba = (start + length) / sectorSize - 1;
		for (let at = start; at < start + length; at++) bytes[at] = (at * 31 + (at >>> 9) * 7 + i + 1) & 0xff;
	});
	const sectors = size / sectorSize;
	const table = {
		sectorSize,
		diskGuid: '11111111-2222-4333-8444-555555555555',
		revision: 0x0001_0000,
		myLba: 1,
		alternateLba: sectors - 1,
		firstUsableLba: 2 + entries.length / sectorSize,
		lastUsableLba: sectors - 2 - entries.length / sectorSize,
		entryLba: 2,
		entryCount: 128,
		entrySize: GptEntry.size,
		entries,
	};
	for (const { offset, data } of planGpt(table, new Uint8Array(sectorSize), sectors)) bytes.set(data, offset);
	return bytes;
}
