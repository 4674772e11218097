import { isKnownChecksum } from './checksum.ts';
import type { BtrfsSuperblock } from './superblock.ts';

/** `incompat_flags`: what a reader must know to read the file system at all. */
export const incompat = {
	mixedBackref: 0x1,
	defaultSubvolume: 0x2,
	mixedGroups: 0x4,
	compressLzo: 0x8,
	compressZstd: 0x10,
	bigMetadata: 0x20,
	extendedIref: 0x40,
	raid56: 0x80,
	skinnyMetadata: 0x100,
	noHoles: 0x200,
	metadataUuid: 0x400,
	raid1c34: 0x800,
	zoned: 0x1000,
	extentTreeV2: 0x2000,
	raidStripeTree: 0x4000,
	simpleQuota: 0x1_0000,
} as const;

/** None of these changes what the extent tree means; profiles that are not supported show in the chunks themselves. */
const understood =
	incompat.mixedBackref |
	incompat.defaultSubvolume |
	incompat.mixedGroups |
	incompat.compressLzo |
	incompat.compressZstd |
	incompat.bigMetadata |
	incompat.extendedIref |
	incompat.raid56 |
	incompat.skinnyMetadata |
	incompat.noHoles |
	incompat.metadataUuid |
	incompat.raid1c34 |
	incompat.simpleQuota;

/** `flags` of the superblock beyond the low 32 bits: seeding is the only one with which the trees are whole. */
const superFlag = { seeding: 0x1 } as const;

/**
 * Why the trees of this volume are not to be read, judged from the superblock alone; undefined when they may be.
 * Unknown `compat_ro` bits (a free-space tree, a block-group tree) are no reason: a reader may ignore them by their
 * definition.
 */
export function unsupportedReason(sb: BtrfsSuperblock): string | undefined {
	if (!isKnownChecksum(sb.csumType)) return `Btrfs checksum type ${sb.csumType} is not supported`;
	if (sb.numDevices !== 1) return `this Btrfs spreads over ${sb.numDevices} devices; only one is supported`;
	// Bit 32 of a 53-bit number and up: beyond the reach of the operators on bits.
	const low = sb.incompatFlags % 2 ** 32;
	const high = Math.floor(sb.incompatFlags / 2 ** 32);
	if ((low & incompat.zoned) !== 0) return 'zoned Btrfs is not supported';
	if ((low & incompat.extentTreeV2) !== 0) return 'the Btrfs extent tree v2 is not supported';
	if ((low & incompat.raidStripeTree) !== 0) return 'the Btrfs stripe tree is not supported';
	const unknown = (low & ~understood) >>> 0;
	if (unknown !== 0 || high !== 0) {
		return `unknown Btrfs features (incompat bits 0x${(high * 2 ** 32 + unknown).toString(16)})`;
	}
	const state = Math.floor(sb.flags / 2 ** 32);
	if ((state & ~superFlag.seeding) !== 0) {
		return `this Btrfs is a metadata dump, or a conversion of it did not finish (flags 0x${sb.flags.toString(16)})`;
	}
	return undefined;
}

/** Why the extent tree does not have all that is in use; undefined when it has. */
export function unreplayedReason(sb: BtrfsSuperblock): string | undefined {
	if (sb.logRoot !== 0) {
		return 'Btrfs has a tree log to replay: it is mounted, or was not unmounted (mounting it once replays the log)';
	}
	return undefined;
}
