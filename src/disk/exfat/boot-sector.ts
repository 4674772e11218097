import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { ExfatBootSector } from './structures.ts';

/** An exFAT volume's shape, every field within bounds of each other. Offsets and lengths in bytes. */
export interface ExfatGeometry {
	readonly bytesPerSector: number;
	readonly clusterSize: number;
	readonly clusterCount: number;
	/** Of the FAT in use. */
	readonly fatOffset: number;
	readonly fatLength: number;
	readonly heapOffset: number;
	readonly rootCluster: number;
	readonly size: number;
	readonly serial: number;
	readonly flags: number;
	/** Which of two FATs and bitmaps is in use: 0 or 1. */
	readonly activeFat: number;
}

/** Specification, section 3.1.9: the highest count whose cluster numbers are no marks. */
const mostClusters = 0xffff_fff5;

/**
 * Reads the main boot sector and its region's checksum.
 * @returns undefined when the volume is not exFAT
 * @throws AfterimageError `structure-damaged` when it calls itself exFAT but cannot be right
 */
export async function readExfatBoot(volume: ByteSource): Promise<ExfatGeometry | undefined> {
	if (volume.size < ExfatBootSector.size) return undefined;
	const boot = new ExfatBootSector(await readBytes(volume, 0, ExfatBootSector.size));
	if (boot.mark !== 0xaa55 || boot.fileSystemName !== 'EXFAT') return undefined;
	const bad = (field: keyof typeof ExfatBootSector.offset, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `exFAT boot sector ${field}`, ExfatBootSector.offset[field], expected, found);
	const between = (field: NumberField, least: number, most: number) => {
		const found = boot[field];
		if (found < least || found > most) throw bad(field, `${least} to ${most}`, found);
		return found;
	};
	const zero = boot.mustBeZero.findIndex((byte) => byte !== 0);
	if (zero !== -1) throw bad('mustBeZero', 'zeros', boot.mustBeZero[zero]!);
	const sectorShift = between('bytesPerSectorShift', 9, 12);
	const clusterShift = between('sectorsPerClusterShift', 0, 25 - sectorShift);
	const bytesPerSector = 2 ** sectorShift;
	const volumeLength = between('volumeLength', 24, Math.floor(volume.size / bytesPerSector));
	const fatCount = between('fatCount', 1, 2);
	if (boot.revision >>> 8 !== 1) throw bad('revision', '1.x', (boot.revision >>> 8).toString());
	const heapOffset = between('clusterHeapOffset', 25, volumeLength - 1);
	const fatOffset = between('fatOffset', 24, heapOffset - 1);
	const fatLength = between('fatLength', 1, Math.floor((heapOffset - fatOffset) / fatCount));
	const roomFor = Math.floor((volumeLength - heapOffset) / 2 ** clusterShift);
	const clusterCount = between('clusterCount', 1, Math.min(roomFor, mostClusters));
	if ((clusterCount + 2) * 4 > fatLength * bytesPerSector) {
		throw bad('fatLength', `at least ${Math.ceil(((clusterCount + 2) * 4) / bytesPerSector)}`, fatLength);
	}
	const rootCluster = between('rootCluster', 2, clusterCount + 1);
	await checkRegion(volume, bytesPerSector);
	const activeFat = boot.volumeFlags & 1;
	if (activeFat >= fatCount) throw bad('volumeFlags', 'FAT 0 active', boot.volumeFlags);
	return {
		bytesPerSector,
		clusterSize: bytesPerSector * 2 ** clusterShift,
		clusterCount,
		fatOffset: (fatOffset + activeFat * fatLength) * bytesPerSector,
		fatLength: fatLength * bytesPerSector,
		heapOffset: heapOffset * bytesPerSector,
		rootCluster,
		size: volumeLength * bytesPerSector,
		serial: boot.serial,
		flags: boot.volumeFlags,
		activeFat,
	};
}

type NumberField = {
	[K in keyof InstanceType<typeof ExfatBootSector>]: InstanceType<typeof ExfatBootSector>[K] extends number ? K : never;
}[keyof InstanceType<typeof ExfatBootSector>];

/** Sectors of a boot region; the main one begins the volume, its backup follows. */
export const regionSectors = 12;

/** Whether the checksum of a boot region is right. */
export function isBootRegion(region: Uint8Array, bytesPerSector: number): boolean {
	return firstWrong(region, bytesPerSector) === undefined;
}

/** Section 3.4: sector 11 repeats the checksum of sectors 0 to 10; a copy of all twelve follows. */
async function checkRegion(volume: ByteSource, bytesPerSector: number): Promise<void> {
	const length = regionSectors * bytesPerSector;
	const both = await readBytes(volume, 0, 2 * length);
	const wrong = firstWrong(both.subarray(0, length), bytesPerSector);
	if (wrong === undefined) return;
	const backupRight = isBootRegion(both.subarray(length), bytesPerSector);
	throw damaged(
		'structure-damaged',
		'exFAT boot checksum',
		wrong.at,
		wrong.expected,
		wrong.found,
		backupRight
			? 'Its backup is right: `fsck.exfat` or chkdsk restores it.'
			: 'Its backup is damaged too; chkdsk or fsck.exfat may repair the volume.',
	);
}

function firstWrong(region: Uint8Array, bytesPerSector: number) {
	const end = (regionSectors - 1) * bytesPerSector;
	const expected = bootChecksum(region.subarray(0, end));
	const view = new DataView(region.buffer, region.byteOffset, region.length);
	for (let at = end; at < region.length; at += 4) {
		const found = view.getUint32(at, true);
		if (found !== expected) return { at, expected: hex(expected), found: hex(found) };
	}
	return undefined;
}

/** Figure 1 of section 3.4: the volume flags and the percentage in use are left out, as they change. */
export function bootChecksum(sectors: Uint8Array): number {
	let sum = 0;
	for (let i = 0; i < sectors.length; i++) {
		if (i === 0x6a || i === 0x6b || i === 0x70) continue;
		sum = (((sum << 31) | (sum >>> 1)) + sectors[i]!) >>> 0;
	}
	return sum;
}

function hex(value: number): string {
	return `0x${value.toString(16).padStart(8, '0')}`;
}
