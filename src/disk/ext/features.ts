import type { Superblock } from './structures.ts';

/** Bits of `s_feature_compat`. By definition every kernel may ignore and keep those it does not know. */
export const Compat = { hasJournal: 0x4, directoryIndex: 0x20, sparseSuper2: 0x200 } as const;

/** Bits of `s_feature_incompat`. */
export const Incompat = {
	filetype: 0x2,
	recover: 0x4,
	journalDevice: 0x8,
	metaBg: 0x10,
	extents: 0x40,
	bits64: 0x80,
	mmp: 0x100,
	flexBg: 0x200,
	eaInode: 0x400,
	dirdata: 0x1000,
	checksumSeed: 0x2000,
	largeDir: 0x4000,
	inlineData: 0x8000,
	encrypt: 0x10000,
	casefold: 0x20000,
} as const;

/** Bits of `s_feature_ro_compat`. */
export const RoCompat = {
	sparseSuper: 0x1,
	largeFile: 0x2,
	btreeDir: 0x4,
	hugeFile: 0x8,
	gdtChecksum: 0x10,
	dirNlink: 0x20,
	extraIsize: 0x40,
	quota: 0x100,
	bigalloc: 0x200,
	metadataChecksum: 0x400,
	readOnly: 0x1000,
	project: 0x2000,
	sharedBlocks: 0x4000,
	verity: 0x8000,
	orphanPresent: 0x10000,
} as const;

const knownIncompat = Object.values(Incompat).reduce((all, bit) => all | bit, 0);
const knownRoCompat = Object.values(RoCompat).reduce((all, bit) => all | bit, 0);

/**
 * The incompatible and read-only compatible features of which it is not known how they change the block bitmaps, as
 * `incompat 0x800, ro_compat 0x80`; undefined when all are known. A read-only compatible feature counts because it may
 * redefine the bitmaps, as bigalloc does.
 */
export function unknownFeatures(superblock: Superblock): string | undefined {
	const parts: string[] = [];
	const incompat = unknownIncompat(superblock);
	const roCompat = (superblock.roCompat & ~knownRoCompat) >>> 0;
	if (incompat !== 0) parts.push(`incompat 0x${incompat.toString(16)}`);
	if (roCompat !== 0) parts.push(`ro_compat 0x${roCompat.toString(16)}`);
	return parts.length === 0 ? undefined : parts.join(', ');
}

/** The incompatible features that are not known, which forbid to read any file; 0 when all are. */
export function unknownIncompat(superblock: Superblock): number {
	return (superblock.incompat & ~knownIncompat) >>> 0;
}

/**
 * `ext2`, `ext3` or `ext4`: the oldest driver that could write to it, as blkid names it; `ext4 journal` for a device
 * that holds nothing but the journal of another file system.
 */
export function typeName(superblock: Superblock): string {
	if ((superblock.incompat & Incompat.journalDevice) !== 0) return 'ext4 journal';
	const incompat = superblock.incompat & ~(Incompat.filetype | Incompat.metaBg | Incompat.recover);
	const roCompat = superblock.roCompat & ~(RoCompat.sparseSuper | RoCompat.largeFile | RoCompat.btreeDir);
	if (incompat !== 0 || roCompat !== 0) return 'ext4';
	return (superblock.compat & Compat.hasJournal) !== 0 ? 'ext3' : 'ext2';
}
