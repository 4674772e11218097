import { ExfatBootSector, BitmapEntry, LabelEntry } from '../../../src/disk/exfat/structures.ts';
import { bootChecksum } from '../../../src/disk/exfat/boot-sector.ts';
import { Fat32Fields, FatBootSector, FatExtension } from '../../../src/disk/fat/structures.ts';

const textBytes = (text: string) => new TextEncoder().encode(text);

/** A FAT volume of 1 sector (512 bytes) a cluster, with cluster 2 to 4 in one chain and cluster 9 bad. */
export function smallFat(type: 'FAT12' | 'FAT16' | 'FAT32'): Uint8Array {
	const clusters = { FAT12: 500, FAT16: 5000, FAT32: 500 }[type];
	const bits = { FAT12: 12, FAT16: 16, FAT32: 32 }[type];
	const fatSectors = Math.ceil(((clusters + 2) * bits) / 8 / 512);
	const rootSectors = type === 'FAT32' ? 0 : 2;
	const reserved = 2;
	const total = reserved + 2 * fatSectors + rootSectors + clusters;
	const volume = new Uint8Array(total * 512);
	const boot = new FatBootSector(volume);
	boot.jump = Uint8Array.of(0xeb, 0x58, 0x90);
	boot.oemName = 'UNITTEST';
	boot.bytesPerSector = 512;
	boot.sectorsPerCluster = 1;
	boot.reservedSectors = reserved;
	boot.fatCount = 2;
	boot.rootEntries = rootSectors * 16;
	boot.totalSectors16 = total;
	boot.media = 0xf8;
	boot.mark = 0xaa55;
	if (type === 'FAT32') {
		const fields = new Fat32Fields(volume, 0x24);
		fields.sectorsPerFat = fatSectors;
		fields.rootCluster = 2;
	} else {
		boot.sectorsPerFat16 = fatSectors;
	}
	const extension = new FatExtension(volume, type === 'FAT32' ? 0x40 : 0x24);
	extension.signature = 0x29;
	extension.serial = 0x1a2b3c4d;
	extension.label = 'NO NAME    ';
	extension.typeName = type.padEnd(8);
	const end = { FAT12: 0xfff, FAT16: 0xffff, FAT32: 0x0fff_ffff }[type];
	const entries: [number, number][] = [
		[0, end - 7],
		[1, end],
		[2, 3],
		[3, 4],
		[4, end],
		[9, end - 8],
	];
	for (const fat of [reserved, reserved + fatSectors]) {
		for (const [i, value] of entries) setFatEntry(volume, fat * 512, type, i, value);
	}
	const root = (reserved + 2 * fatSectors) * 512;
	volume.set(textBytes('SMALL VOL  '), root);
	volume[root + 11] = 0x08;
	return volume;
}

export function setFatEntry(volume: Uint8Array, fatAt: number, type: string, index: number, value: number): void {
	const view = new DataView(volume.buffer, volume.byteOffset, volume.length);
	if (type === 'FAT32') return view.setUint32(fatAt + index * 4, value, true);
	if (type === 'FAT16') return view.setUint16(fatAt + index * 2, value, true);
	const at = fatAt + ((index * 3) >>> 1);
	const pair = view.getUint16(at, true);
	view.setUint16(at, index % 2 === 0 ? (pair & 0xf000) | value : (pair & 0x000f) | (value << 4), true);
}

/** An exFAT volume of 100 clusters of 1 KiB: bitmap in cluster 2, root directory in cluster 3, clusters 10 to 19 used. */
export function smallExfat(): Uint8Array {
	const clusters = 100;
	const heap = 32;
	const total = heap + clusters * 2;
	const volume = new Uint8Array(total * 512);
	const boot = new ExfatBootSector(volume);
	boot.jump = Uint8Array.of(0xeb, 0x76, 0x90);
	boot.fileSystemName = 'EXFAT   ';
	boot.volumeLength = total;
	boot.fatOffset = 24;
	boot.fatLength = 2;
	boot.clusterHeapOffset = heap;
	boot.clusterCount = clusters;
	boot.rootCluster = 3;
	boot.serial = 0x1a2b3c4d;
	boot.revision = 0x100;
	boot.bytesPerSectorShift = 9;
	boot.sectorsPerClusterShift = 1;
	boot.fatCount = 1;
	boot.mark = 0xaa55;
	const view = new DataView(volume.buffer);
	for (let sector = 1; sector <= 8; sector++) view.setUint32(sector * 512 + 508, 0xaa550000, true);
	sealExfat(volume);
	for (const [i, value] of [0xffff_fff8, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff].entries()) {
		view.setUint32(24 * 512 + i * 4, value, true);
	}
	volume[heap * 512] = 0b11;
	volume[heap * 512 + 1] = 0xff;
	volume[heap * 512 + 2] = 0b11;
	const root = (heap + 2) * 512;
	const label = new LabelEntry(volume, root);
	label.type = 0x83;
	label.length = 2;
	label.label = Uint8Array.of(0x4f, 0, 0x4b, 0);
	const bitmap = new BitmapEntry(volume, root + 32);
	bitmap.type = 0x81;
	bitmap.firstCluster = 2;
	bitmap.dataLength = 13;
	return volume;
}

/** Writes the checksum sector and the backup boot region anew. */
export function sealExfat(volume: Uint8Array): void {
	const sum = bootChecksum(volume.subarray(0, 11 * 512));
	const view = new DataView(volume.buffer, volume.byteOffset, volume.length);
	for (let at = 11 * 512; at < 12 * 512; at += 4) view.setUint32(at, sum, true);
	volume.copyWithin(12 * 512, 0, 12 * 512);
}

/** Ranges as they come, merged where they touch. */
export function rangeSink(): { ranges: [number, number][]; add(start: number, end: number): void } {
	const ranges: [number, number][] = [];
	return {
		ranges,
		add(start, end) {
			if (end <= start) return;
			const last = ranges.at(-1);
			if (last?.[1] === start) last[1] = end;
			else ranges.push([start, end]);
		},
	};
}
