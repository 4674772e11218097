import type { Geometry } from './geometry.ts';

/** Blocks of the partition before the end of group `group`, which is where the next one begins. */
export function groupEnd(geometry: Geometry, group: number): number {
	return Math.min(geometry.blocks, geometry.firstBlock + (group + 1) * geometry.blocksPerGroup);
}

/** The first block of a group. */
export function groupStart(geometry: Geometry, group: number): number {
	return geometry.firstBlock + group * geometry.blocksPerGroup;
}

/** Clusters (bits of the bitmap that count) of a group; only the last one's may be fewer than the others'. */
export function groupClusters(geometry: Geometry, group: number): number {
	return Math.ceil((groupEnd(geometry, group) - groupStart(geometry, group)) / geometry.clusterRatio);
}

/** All clusters of the file system. */
export function totalClusters(geometry: Geometry): number {
	return Math.ceil((geometry.blocks - geometry.firstBlock) / geometry.clusterRatio);
}

/** Whether a group begins with a copy of the superblock (`ext4_bg_has_super`). */
export function hasSuperblock({ backups }: Geometry, group: number): boolean {
	if (group === 0 || backups === 'all') return true;
	if (backups !== 'powers') return group === backups[0] || group === backups[1];
	return group === 1 || isPowerOf(3, group) || isPowerOf(5, group) || isPowerOf(7, group);
}

function isPowerOf(base: number, value: number): boolean {
	let power = base;
	while (power < value) power *= base;
	return power === value;
}

/**
 * Blocks at the start of a group that its superblock copy and descriptors take, reserved ones included
 * (`ext4_num_base_meta_blocks`); 0 when it has none.
 */
export function leadingBlocks(geometry: Geometry, group: number): number {
	const block = Math.floor(group / geometry.descriptorsPerBlock);
	const copy = hasSuperblock(geometry, group);
	// Blocks of 1 KiB with bigalloc: group 0 begins with the boot block, and the superblock is its second.
	const before = group === 0 ? geometry.superblockBlock - geometry.firstBlock : 0;
	if (block < geometry.leadingDescriptorBlocks || !usesMetaGroups(geometry)) {
		return copy ? before + 1 + geometry.leadingDescriptorBlocks + geometry.reservedDescriptorBlocks : 0;
	}
	const place = group % geometry.descriptorsPerBlock;
	const holdsDescriptors = place <= 1 || place === geometry.descriptorsPerBlock - 1;
	return before + (copy ? 1 : 0) + (holdsDescriptors ? 1 : 0);
}

function usesMetaGroups(geometry: Geometry): boolean {
	return geometry.leadingDescriptorBlocks * geometry.descriptorsPerBlock < geometry.groups;
}

/** The block that holds the `index`-th block of group descriptors (`descriptor_loc`, for the primary table). */
export function descriptorBlock(geometry: Geometry, index: number): number {
	if (index < geometry.leadingDescriptorBlocks) return geometry.superblockBlock + 1 + index;
	const group = index * geometry.descriptorsPerBlock;
	return groupStart(geometry, group) + leadingBlocks(geometry, group) - 1;
}
