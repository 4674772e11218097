import { MbrEntry, MasterBootRecord } from '../../../src/disk/partition-table/mbr/structures.ts';

const mebibyte = 2 ** 20;

/** Linux swap of 1 MiB. @param id every byte of its UUID; 0 for one without */
export function swapVolume(id: number): Uint8Array {
	const bytes = new Uint8Array(mebibyte);
	bytes.set(new TextEncoder().encode('SWAPSPACE2'), 4096 - 10);
	const view = new DataView(bytes.buffer);
	view.setUint32(1024, 1, true);
	view.setUint32(1028, mebibyte / 4096 - 1, true);
	bytes.fill(id, 1036, 1036 + 16);
	return bytes;
}

/** An MBR disk of signature 0 whose partitions, 1 MiB each from byte 1 MiB on, hold swap. @param ids as of {@link swapVolume} */
export function mbrOfSwap(...ids: number[]): Uint8Array {
	const bytes = new Uint8Array((ids.length + 1) * mebibyte);
	const record = new MasterBootRecord(bytes);
	record.mark = 0xaa55;
	for (const [i, id] of ids.entries()) {
		const entry = new MbrEntry(record.entries, i * MbrEntry.size);
		Object.assign(entry, { type: 0x82, firstLba: (i + 1) * 2048, sectors: 2048 });
		bytes.set(swapVolume(id), (i + 1) * mebibyte);
	}
	return bytes;
}
