import { damaged } from '../../base/errors.ts';
import { Fat32Fields, FatBootSector, FatExtension } from './structures.ts';

export type FatType = 'FAT12' | 'FAT16' | 'FAT32';

/** A FAT volume's shape, every field within bounds of each other. Sectors are those of the boot sector. */
export interface FatGeometry {
	readonly type: FatType;
	readonly bytesPerSector: number;
	/** Bytes. */
	readonly clusterSize: number;
	readonly clusterCount: number;
	readonly fatCount: number;
	/** Bytes from the volume's start. */
	readonly fatOffset: number;
	/** Bytes of one FAT. */
	readonly fatLength: number;
	/** FAT32 with mirroring switched off: the one FAT that counts. Undefined when all FATs are equal. */
	readonly activeFat: number | undefined;
	/** FAT12/16: bytes from the volume's start; FAT32: 0. */
	readonly rootOffset: number;
	/** FAT12/16: bytes; FAT32: 0. */
	readonly rootLength: number;
	/** FAT32: first cluster of the root directory; 0 elsewhere. */
	readonly rootCluster: number;
	/** Bytes from the volume's start to cluster 2. */
	readonly dataOffset: number;
	/** Bytes that the boot sector claims. */
	readonly size: number;
	readonly serial: number | undefined;
	/** Label in the boot sector; empty when there is none. */
	readonly label: string;
	/** Bit 0: dirty, bit 1: surface test wanted. */
	readonly state: number;
}

const sectorSizes: ReadonlySet<number> = new Set([512, 1024, 2048, 4096]);
const isPowerOfTwo = (value: number) => value !== 0 && (value & (value - 1)) === 0;

/**
 * Reads a FAT boot sector. The cluster count tells FAT12 from FAT16 as Microsoft's specification has it; FAT32 is what
 * has no 16-bit FAT size, as Windows and Linux decide it, since formatters do make FAT32 volumes of fewer than 65,525
 * clusters.
 * @param sector at least 512 bytes
 * @returns undefined when it is no FAT boot sector
 * @throws AfterimageError `structure-damaged` when it names FAT as its type but cannot be right
 */
export function parseFatBootSector(sector: Uint8Array, volumeSize: number): FatGeometry | undefined {
	const boot = new FatBootSector(sector);
	if (boot.mark !== 0xaa55 || !isJump(boot.jump)) return undefined;
	const fat32 = boot.sectorsPerFat16 === 0;
	const extension = new FatExtension(sector, fat32 ? 0x40 : 0x24);
	const named = extension.signature === 0x29 && extension.typeName.startsWith('FAT');
	const problem = findProblem(boot, fat32 ? new Fat32Fields(sector, 0x24) : undefined, volumeSize);
	if (problem !== undefined) {
		if (!named) return undefined;
		throw damaged('structure-damaged', `FAT boot sector: ${problem.what}`, 0, problem.expected, problem.found);
	}
	return geometryOf(boot, sector, extension);
}

function isJump(jump: Uint8Array): boolean {
	return (jump[0] === 0xeb && jump[2] === 0x90) || jump[0] === 0xe9;
}

interface Problem {
	readonly what: string;
	readonly expected: string | number;
	readonly found: string | number;
}

type Boot = InstanceType<typeof FatBootSector>;

function findProblem(boot: Boot, fat32: InstanceType<typeof Fat32Fields> | undefined, volumeSize: number) {
	const problem = (what: string, expected: string | number, found: string | number): Problem => ({
		what,
		expected,
		found,
	});
	if (!sectorSizes.has(boot.bytesPerSector)) {
		return problem('bytes per sector', '512, 1024, 2048 or 4096', boot.bytesPerSector);
	}
	if (!isPowerOfTwo(boot.sectorsPerCluster)) {
		return problem('sectors per cluster', 'a power of two', boot.sectorsPerCluster);
	}
	if (boot.reservedSectors === 0) return problem('reserved sectors', 'at least 1', 0);
	if (boot.fatCount === 0 || boot.fatCount > 4) return problem('number of FATs', '1 to 4', boot.fatCount);
	if (boot.media !== 0xf0 && boot.media < 0xf8) return problem('media byte', '0xf0 or 0xf8 to 0xff', boot.media);
	const total = boot.totalSectors16 === 0 ? boot.totalSectors32 : boot.totalSectors16;
	if (total === 0) return problem('total sectors', 'more than 0', 0);
	if (total * boot.bytesPerSector > volumeSize) {
		return problem('volume size', `at most the partition's ${volumeSize} bytes`, total * boot.bytesPerSector);
	}
	const sectorsPerFat = fat32 === undefined ? boot.sectorsPerFat16 : fat32.sectorsPerFat;
	if (sectorsPerFat === 0) return problem('sectors per FAT', 'more than 0', 0);
	if (fat32 === undefined && boot.rootEntries === 0) return problem('root directory entries', 'more than 0', 0);
	if (fat32 !== undefined && boot.rootEntries !== 0) {
		return problem('root directory entries', '0 on FAT32', boot.rootEntries);
	}
	if (fat32 !== undefined && fat32.version !== 0) return problem('FAT32 version', 0, fat32.version);
	const dataSector = dataSectorOf(boot, sectorsPerFat);
	const clusters = Math.floor((total - dataSector) / boot.sectorsPerCluster);
	if (clusters < 1) return problem('cluster count', 'more than 0', clusters);
	const type = typeOf(clusters, fat32 !== undefined);
	if (clusters > mostClusters[type]) return problem('cluster count', `at most ${mostClusters[type]}`, clusters);
	const entries = Math.floor((sectorsPerFat * boot.bytesPerSector * 8) / bitsOf[type]);
	if (entries < clusters + 2) return problem('entries of a FAT', `at least ${clusters + 2}`, entries);
	if (fat32 !== undefined) {
		if (fat32.rootCluster < 2 || fat32.rootCluster > clusters + 1) {
			return problem('root cluster', `2 to ${clusters + 1}`, fat32.rootCluster);
		}
		if (activeFatOf(fat32.flags, boot.fatCount) === boot.fatCount) {
			return problem('active FAT', `below ${boot.fatCount}`, fat32.flags & 0x0f);
		}
	}
	return undefined;
}

/** Microsoft FAT specification 1.03, "FAT Type Determination"; FAT32 keeps 0x0ffffff0 and above for marks. */
const mostClusters: Readonly<Record<FatType, number>> = { FAT12: 4084, FAT16: 65_524, FAT32: 0x0fff_ffee };
export const bitsOf: Readonly<Record<FatType, number>> = { FAT12: 12, FAT16: 16, FAT32: 32 };

function typeOf(clusters: number, fat32: boolean): FatType {
	if (fat32) return 'FAT32';
	return clusters <= mostClusters.FAT12 ? 'FAT12' : 'FAT16';
}

function dataSectorOf(boot: Boot, sectorsPerFat: number): number {
	return (
		boot.reservedSectors + boot.fatCount * sectorsPerFat + Math.ceil((boot.rootEntries * 32) / boot.bytesPerSector)
	);
}

/** Undefined when the FATs mirror each other; `fatCount` when the field names one that is not there. */
function activeFatOf(flags: number, fatCount: number): number | undefined {
	if ((flags & 0x80) === 0) return undefined;
	return Math.min(flags & 0x0f, fatCount);
}

function geometryOf(boot: Boot, sector: Uint8Array, extension: InstanceType<typeof FatExtension>): FatGeometry {
	const fat32 = boot.sectorsPerFat16 === 0 ? new Fat32Fields(sector, 0x24) : undefined;
	const { bytesPerSector } = boot;
	const sectorsPerFat = fat32?.sectorsPerFat ?? boot.sectorsPerFat16;
	const dataSector = dataSectorOf(boot, sectorsPerFat);
	const total = boot.totalSectors16 === 0 ? boot.totalSectors32 : boot.totalSectors16;
	const clusterCount = Math.floor((total - dataSector) / boot.sectorsPerCluster);
	const fatEnd = boot.reservedSectors + boot.fatCount * sectorsPerFat;
	const labelled = extension.signature === 0x29;
	return {
		type: typeOf(clusterCount, fat32 !== undefined),
		bytesPerSector,
		clusterSize: boot.sectorsPerCluster * bytesPerSector,
		clusterCount,
		fatCount: boot.fatCount,
		fatOffset: boot.reservedSectors * bytesPerSector,
		fatLength: sectorsPerFat * bytesPerSector,
		activeFat: fat32 === undefined ? undefined : activeFatOf(fat32.flags, boot.fatCount),
		rootOffset: fat32 === undefined ? fatEnd * bytesPerSector : 0,
		rootLength: boot.rootEntries * 32,
		rootCluster: fat32?.rootCluster ?? 0,
		dataOffset: dataSector * bytesPerSector,
		size: total * bytesPerSector,
		serial: labelled || extension.signature === 0x28 ? extension.serial : undefined,
		label: labelled && extension.label !== 'NO NAME' ? extension.label : '',
		state: extension.state,
	};
}
