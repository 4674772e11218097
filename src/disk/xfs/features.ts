import type { XfsVolume } from './superblock.ts';

/** `sb_features_incompat`: what a reader must know to read the file system at all. */
export const incompat = {
	ftype: 0x1,
	sparseInodes: 0x2,
	metaUuid: 0x4,
	bigtime: 0x8,
	needsRepair: 0x10,
	nrext64: 0x20,
	exchangeRange: 0x40,
	parentPointers: 0x80,
	metadataDirectory: 0x100,
	zoned: 0x200,
} as const;

/** None of these changes what the free-space trees mean, and the reader of files knows them. */
const understood =
	incompat.ftype |
	incompat.sparseInodes |
	incompat.metaUuid |
	incompat.bigtime |
	incompat.nrext64 |
	incompat.exchangeRange |
	incompat.parentPointers;

/** Version 4, `sb_features2`: lazy counters, attr2, project numbers of 32 bits, file types in folders. */
export const features2 = { lazyCounters: 0x2, attr2: 0x8, projectId32: 0x80, ftype: 0x200 } as const;
const understood4 = features2.lazyCounters | features2.attr2 | features2.projectId32 | features2.ftype;

/**
 * Why neither free space nor files of this volume can be read, judged from the superblock alone; undefined when they may
 * be. Unknown `ro_compat` bits are no reason: a reader may ignore them by their definition.
 */
export function unreadableReason({ sb, version }: XfsVolume): string | undefined {
	if (version !== 4 && version !== 5) return `XFS version ${version} is not supported`;
	if (sb.inprogress !== 0) return 'mkfs.xfs did not finish making this file system';
	if (version === 5) {
		const features = sb.featuresIncompat;
		if ((features & incompat.zoned) !== 0) return 'zoned XFS is not supported';
		if ((features & incompat.metadataDirectory) !== 0) return 'XFS with a metadata directory is not supported';
		const unknown = (features & ~understood & ~incompat.needsRepair) >>> 0;
		if (unknown !== 0) return `unknown XFS features (incompat bits 0x${unknown.toString(16)})`;
	} else {
		const unknown = (sb.features2 & ~understood4) >>> 0;
		if (unknown !== 0) return `unknown XFS version 4 features (features2 bits 0x${unknown.toString(16)})`;
	}
	return undefined;
}

/** Why the free-space trees of this volume are not to be used, judged likewise. */
export function unsupportedReason(volume: XfsVolume): string | undefined {
	const reason = unreadableReason(volume);
	if (reason !== undefined) return reason;
	const { sb, version } = volume;
	if (version === 5 && (sb.featuresIncompat & incompat.needsRepair) !== 0) {
		return 'XFS is marked as needing repair (run xfs_repair)';
	}
	if (sb.logstart === 0) return 'the log of this XFS lies on another device, so whether it is clean cannot be seen';
	if (sb.rblocks !== 0) return 'this XFS has a realtime section on another device';
	return undefined;
}
