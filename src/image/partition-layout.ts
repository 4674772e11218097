import type { ManifestPartition } from './manifest.ts';

/** Where the blocks of a partition lie; all in bytes. */
export interface PartitionLayout {
	/** Byte on the disk where the partition begins. */
	readonly start: number;
	readonly length: number;
	/** Byte on the disk of block 0: `geometry.start + (lcn0_offset - file_system.start)`. */
	readonly blockStart: number;
	/** Bytes from block 0 to the partition's end. */
	readonly blockLength: number;
	readonly blockSize: number;
	/** Elements of a complete index: ceil(length / blockSize). */
	readonly blockCount: number;
	/** Elements that may be stored: ceil(blockLength / blockSize). Those behind are holes (FAT). */
	readonly usableBlocks: number;
	/** Byte on the disk where reserved sectors begin, and how many bytes they are; 0 where there are none. */
	readonly reservedStart: number;
	readonly reservedLength: number;
}

/** @param partition of a manifest that `checkManifest` has let pass, so that nothing leaves the partition */
export function partitionLayout(partition: ManifestPartition): PartitionLayout {
	const { _geometry: geometry, _file_system: fileSystem, _header: header } = partition;
	const into = fileSystem.lcn0_offset - fileSystem.start;
	const blockLength = geometry.length - into;
	return {
		start: geometry.start,
		length: geometry.length,
		blockStart: geometry.start + into,
		blockLength,
		blockSize: header.block_size,
		blockCount: Math.ceil(geometry.length / header.block_size),
		usableBlocks: Math.ceil(blockLength / header.block_size),
		reservedStart: geometry.start + geometry.boot_sector_offset,
		reservedLength: fileSystem.reserved_sectors_byte_length,
	};
}

/** Raw length of block `block`: `blockSize`, less for the last. */
export function rawLength(layout: PartitionLayout, block: number): number {
	return Math.max(0, Math.min(layout.blockSize, layout.blockLength - block * layout.blockSize));
}

/** Largest reserved block in bytes: readers of the format take at most 4 MiB. */
export const reservedBlockSize = 4 * 1024 * 1024;

/** Number of reserved blocks that cover `reservedLength` bytes. */
export function reservedBlockCount(reservedLength: number): number {
	return Math.ceil(reservedLength / reservedBlockSize);
}
