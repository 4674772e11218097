import { uuidFromBytes } from '../../base/guid.ts';
import { text, view, type Signature } from './signature.ts';

const mdMagic = 0xa92b4efc;

/** Level of a mirror, each member of which has all bytes of the array. */
const mirror = 1;

/**
 * Linux MD superblock version 1 (drivers/md/md_p.h): set UUID at 0x10, name at 0x20, i32 level at 0x48, UUID of the device
 * at 0xa8.
 */
function version1(at: number, minor: number): Signature {
	return {
		at,
		length: 0x100,
		match(piece) {
			if (view(piece).getUint32(0, true) !== mdMagic || view(piece).getUint32(4, true) !== 1) return undefined;
			return {
				type: `Linux RAID member (1.${minor})`,
				label: text(piece, 0x20, 32),
				uuid: uuidFromBytes(piece, 0x10),
				deviceUuid: uuidFromBytes(piece, 0xa8),
				isPart: view(piece).getInt32(0x48, true) !== mirror,
			};
		},
	};
}

/**
 * Version 0.90: the set UUID's first word stands at 0x14, the others from 0x34 on; mdadm and blkid print them as numbers. The
 * level is at 0x1c.
 */
function version090(at: number): Signature {
	return {
		at,
		length: 0x100,
		match(piece) {
			const isMd = view(piece).getUint32(0, true) === mdMagic && view(piece).getUint32(4, true) === 0;
			if (!isMd) return undefined;
			const uuid = new Uint8Array(16);
			for (const [i, word] of [0x14, 0x34, 0x38, 0x3c].entries()) {
				view(uuid).setUint32(i * 4, view(piece).getUint32(word, true), false);
			}
			const isPart = view(piece).getInt32(0x1c, true) !== mirror;
			return { type: 'Linux RAID member (0.90)', label: '', uuid: uuidFromBytes(uuid), deviceUuid: '', isPart };
		},
	};
}

/** Members whose superblock comes before what the array holds. */
export const raidAtStart: readonly Signature[] = [version1(0, 1), version1(4096, 2)];

/** Members that begin with what the array holds. md_p.h: 8 to 12 KiB before the end, on a 4 KiB boundary; 0.90 in the last whole 64 KiB. */
export function raidAtEnd(volumeSize: number): Signature[] {
	return [
		version1(alignDown(Math.floor(volumeSize / 512) - 16, 8) * 512, 0),
		version090(alignDown(volumeSize, 65_536) - 65_536),
	];
}

function alignDown(value: number, unit: number): number {
	return Math.floor(value / unit) * unit;
}
