import { expect, test } from 'vitest';
import type { Geometry } from '../../../../src/disk/ext/geometry.ts';
import { descriptorBlock, groupClusters, hasSuperblock, leadingBlocks } from '../../../../src/disk/ext/groups.ts';

const base: Geometry = {
	blockSize: 1024,
	clusterRatio: 1,
	blocks: 1 + 400 * 8192,
	firstBlock: 1,
	superblockBlock: 1,
	groups: 400,
	blocksPerGroup: 8192,
	inodesPerGroup: 80,
	inodeSize: 128,
	firstInode: 11,
	inodeTableBlocks: 10,
	descriptorSize: 64,
	descriptorsPerBlock: 16,
	leadingDescriptorBlocks: 25,
	reservedDescriptorBlocks: 200,
	flexBg: true,
	directoryIndex: false,
	largeFolders: false,
	backups: 'powers',
	checksums: { kind: 'none', seed: 0 },
};

const backups = (geometry: Geometry) =>
	Array.from({ length: geometry.groups }, (_, group) => group).filter((group) => hasSuperblock(geometry, group));

test('backups lie in groups 0 and 1 and the powers of 3, 5 and 7', () => {
	expect(backups(base)).toEqual([0, 1, 3, 5, 7, 9, 25, 27, 49, 81, 125, 243, 343]);
});

test('sparse_super2 names two groups, none of which is needed', () => {
	expect(backups({ ...base, backups: [1, 399] })).toEqual([0, 1, 399]);
	expect(backups({ ...base, backups: [0, 0] })).toEqual([0]);
});

test('without sparse_super every group has one', () => {
	expect(backups({ ...base, backups: 'all' })).toHaveLength(400);
});

test('superblock, descriptors and reserved blocks lead a group with a backup', () => {
	expect(leadingBlocks(base, 0)).toBe(226);
	expect(leadingBlocks(base, 2)).toBe(0);
	expect(leadingBlocks(base, 3)).toBe(226);
	expect(descriptorBlock(base, 24)).toBe(26);
});

test('with blocks of 1 KiB and bigalloc, group 0 begins a block before the superblock', () => {
	const geometry: Geometry = { ...base, clusterRatio: 16, firstBlock: 0, blocks: 400 * 8192 };
	expect(leadingBlocks(geometry, 0)).toBe(227);
	expect(leadingBlocks(geometry, 1)).toBe(226);
	expect(descriptorBlock(geometry, 0)).toBe(2);
});

test('meta_bg keeps descriptors in the first, second and last group of those they describe', () => {
	const geometry: Geometry = { ...base, leadingDescriptorBlocks: 2, reservedDescriptorBlocks: 0 };
	expect(leadingBlocks(geometry, 0)).toBe(3);
	expect(leadingBlocks(geometry, 27)).toBe(3);
	expect([32, 33, 34, 46, 47, 48, 49].map((group) => leadingBlocks(geometry, group))).toEqual([1, 1, 0, 0, 1, 1, 2]);
	expect(descriptorBlock(geometry, 1)).toBe(3);
	expect(descriptorBlock(geometry, 2)).toBe(1 + 32 * 8192);
	expect(descriptorBlock({ ...geometry, backups: 'all' }, 2)).toBe(1 + 32 * 8192 + 1);
	const bigalloc: Geometry = { ...geometry, leadingDescriptorBlocks: 0, clusterRatio: 16, firstBlock: 0 };
	expect(descriptorBlock(bigalloc, 0)).toBe(2);
	expect(leadingBlocks(bigalloc, 0)).toBe(3);
});

test('only the last group may be short', () => {
	const geometry: Geometry = { ...base, blocks: 1 + 399 * 8192 + 17, clusterRatio: 16 };
	expect(groupClusters(geometry, 0)).toBe(512);
	expect(groupClusters(geometry, 399)).toBe(2);
});
