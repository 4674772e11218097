import { guidToBytes } from '../../../src/base/guid.ts';
import { planGpt } from '../../../src/disk/partition-table/gpt/rebuild.ts';
import { GptEntry } from '../../../src/disk/partition-table/gpt/structures.ts';
import { MemoryDisk } from './memory-disk.ts';

const linuxFilesystem = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

const mebibyte = 2 ** 20;

/** Partitions of {@link sampleDisk}, in bytes; the second ends within a block. */
export const first = { start: mebibyte, length: mebibyte };
export const second = { start: 2 * mebibyte, length: mebibyte + 512 };

/** The GUID of every disk here. */
export const sampleDiskGuid = '11111111-2222-4333-8444-555555555555';

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
		diskGuid: sampleDiskGuid,
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

/** A disk of 4 MiB with two neighbouring partitions. */
export function sampleDisk(path: string): MemoryDisk {
	return new MemoryDisk(path, gptBytes(4 * mebibyte, [first, second]));
}
