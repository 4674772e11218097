import { damaged } from '../../base/errors.ts';
import { bytes, i8, struct, u16, u32, u64, u64big, u8 } from '../../base/struct.ts';

/** The first sector of an NTFS volume ($Boot): BIOS parameter block and the extended block of NTFS. */
export const BootSector = struct('NTFS boot sector', 0x200, {
	jump: bytes(0x00, 3),
	oemId: bytes(0x03, 8),
	bytesPerSector: u16(0x0b),
	sectorsPerCluster: u8(0x0d),
	reservedSectors: u16(0x0e),
	fats: u8(0x10),
	rootEntries: u16(0x11),
	sectors16: u16(0x13),
	media: u8(0x15),
	sectorsPerFat: u16(0x16),
	hiddenSectors: u32(0x1c),
	sectors32: u32(0x20),
	numberOfSectors: u64(0x28),
	mftLcn: u64(0x30),
	mftMirrorLcn: u64(0x38),
	clustersPerMftRecord: i8(0x40),
	clustersPerIndexBlock: i8(0x44),
	serial: u64big(0x48),
	checksum: u32(0x50),
	signature: u16(0x1fe),
});

/** What the boot sector says of the volume, checked. Sizes in bytes, positions in clusters. */
export interface Geometry {
	/** 512 to 4096. */
	readonly bytesPerSector: number;
	/** 512 to 2 MiB, a power of two. */
	readonly clusterSize: number;
	/** Whole clusters; a remainder of sectors behind them belongs to none. */
	readonly totalClusters: number;
	/** Length of the volume, the backup boot sector behind its last sector not counted. */
	readonly volumeSize: number;
	readonly mftLcn: number;
	readonly mftMirrorLcn: number;
	/** Size of one FILE record: 1024 to 4096. */
	readonly recordSize: number;
	/** The volume's serial number: 16 hexadecimal digits, upper case. */
	readonly serial: string;
}

/** Smallest boot sector there is, and the stride of the update sequence. */
export const sectorBytes = 512;

const maxClusterSize = 2 * 1024 * 1024;

/**
 * Reads the volume's boot sector. Undefined when it is none of NTFS: BitLocker (`-FVE-FS-`), ReFS and exFAT have their
 * own OEM id, and a volume with FATs is FAT whatever its OEM id says.
 * @param size bytes of the partition
 * @throws AfterimageError `structure-damaged` when the OEM id is there and a field cannot be right
 */
export function parseBootSector(sector: Uint8Array, size: number): Geometry | undefined {
	const boot = new BootSector(sector);
	if (String.fromCharCode(...boot.oemId) !== 'NTFS    ') return undefined;
	if (boot.fats !== 0 || boot.sectorsPerFat !== 0 || boot.rootEntries !== 0) return undefined;
	if (boot.signature !== 0xaa55) throw wrong('signature', 'signature', 0xaa55, boot.signature);

	const { bytesPerSector, numberOfSectors } = boot;
	if (!isPowerOfTwo(bytesPerSector) || bytesPerSector < 512 || bytesPerSector > 4096)
		throw wrong('bytes per sector', 'bytesPerSector', '512 to 4096, a power of two', bytesPerSector);
	const sectorsPerCluster = clusterSectors(boot.sectorsPerCluster);
	const clusterSize = bytesPerSector * sectorsPerCluster;
	if (clusterSize > maxClusterSize)
		throw wrong('cluster size', 'sectorsPerCluster', `at most ${maxClusterSize}`, clusterSize);
	const volumeSize = numberOfSectors * bytesPerSector;
	if (volumeSize > size) throw wrong('volume size', 'numberOfSectors', `at most the partition's ${size}`, volumeSize);
	const totalClusters = Math.floor(numberOfSectors / sectorsPerCluster);
	if (totalClusters === 0) throw wrong('number of sectors', 'numberOfSectors', 'one cluster or more', numberOfSectors);
	if (boot.mftLcn === 0 || boot.mftLcn >= totalClusters)
		throw wrong('$MFT cluster', 'mftLcn', `1 to ${totalClusters - 1}`, boot.mftLcn);
	if (boot.mftMirrorLcn === 0 || boot.mftMirrorLcn >= totalClusters)
		throw wrong('$MFTMirr cluster', 'mftMirrorLcn', `1 to ${totalClusters - 1}`, boot.mftMirrorLcn);
	const recordSize = sizeFromClusters(boot.clustersPerMftRecord, clusterSize);
	if (!isPowerOfTwo(recordSize) || recordSize < 1024 || recordSize > 4096)
		throw wrong('FILE record size', 'clustersPerMftRecord', '1024 to 4096, a power of two', recordSize);
	return {
		bytesPerSector,
		clusterSize,
		totalClusters,
		volumeSize,
		mftLcn: boot.mftLcn,
		mftMirrorLcn: boot.mftMirrorLcn,
		recordSize,
		serial: boot.serial.toString(16).toUpperCase().padStart(16, '0'),
	};
}

/** Counts up to 128 stand as they are; since Windows 10 1709 larger ones are stored as the negated exponent of two. */
function clusterSectors(stored: number): number {
	if (stored <= 128 && isPowerOfTwo(stored)) return stored;
	const exponent = 256 - stored;
	if (exponent <= 12) return 2 ** exponent;
	throw wrong('sectors per cluster', 'sectorsPerCluster', 'a power of two up to 4096', stored);
}

/** Positive: that many clusters; negative: two to the power of its absolute value, in bytes. */
function sizeFromClusters(stored: number, clusterSize: number): number {
	return stored > 0 ? stored * clusterSize : 2 ** -stored;
}

function isPowerOfTwo(value: number): boolean {
	return Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value));
}

function wrong(what: string, field: keyof typeof BootSector.offset, expected: string | number, found: number) {
	return damaged('structure-damaged', `NTFS boot sector, ${what}`, BootSector.offset[field], expected, found);
}
