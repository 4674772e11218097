import { uuidFromBytes } from '../../base/guid.ts';
import { latin, magic, text, view, type Signature } from './signature.ts';

/** LUKS1 and LUKS2 on-disk format specifications: magic, u16be version; the UUID is text at 0xa8 in both. */
const luks: Signature = {
	at: 0,
	length: 0xd0,
	match(piece) {
		if (latin(piece, 0, 6) !== 'LUKS\xba\xbe') return undefined;
		const version = view(piece).getUint16(6, false);
		return { type: `LUKS${version}`, label: version === 2 ? text(piece, 0x18, 48) : '', uuid: text(piece, 0xa8, 40) };
	},
};

/** The type of a physical volume of LVM. */
export const lvmType = 'LVM2 physical volume';

/** LVM2 label header: in one of the first four sectors, `LABELONE`, the type at 0x18; the UUID where u32 at 0x14 points. */
const lvm: Signature = {
	at: 0,
	length: 4 * 512 + 512,
	match(piece) {
		for (let at = 0; at < 4 * 512; at += 512) {
			if (latin(piece, at, 8) !== 'LABELONE' || latin(piece, at + 0x18, 8) !== 'LVM2 001') continue;
			const header = at + Math.min(view(piece).getUint32(at + 0x14, true), 512 - 32);
			const raw = latin(piece, header, 32);
			const groups = /^(\w{6})(\w{4})(\w{4})(\w{4})(\w{4})(\w{4})(\w{6})$/.exec(raw);
			return { type: lvmType, label: '', uuid: groups === null ? '' : groups.slice(1).join('-') };
		}
		return undefined;
	},
};

/** BitLocker To Go pretends to be FAT32; the GUID 4967D63B-2E29-4AD8-8399-F6A339E3D001 at 0x1a8 tells. */
const bitlockerToGo = [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01];

const mdMagic = 0xa92b4efc;

/** Linux MD superblock version 1 (drivers/md/md_p.h): set UUID at 0x10, name at 0x20, UUID of the device at 0xa8. */
function raid1(at: number, minor: number): Signature {
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
			};
		},
	};
}

/** Version 0.90: the set UUID's first word stands at 0x14, the others from 0x34 on; mdadm and blkid print them as numbers. */
function raid090(at: number): Signature {
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
			return { type: 'Linux RAID member (0.90)', label: '', uuid: uuidFromBytes(uuid), deviceUuid: '' };
		},
	};
}

const bcacheMagic = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];

/**
 * Layers that a file system lies in. They are looked for before file systems, since a file system may show through:
 * a mirror's members begin with it, BitLocker To Go imitates one.
 */
export function layerSignatures(volumeSize: number): Signature[] {
	return [
		luks,
		lvm,
		magic('BitLocker', 3, '-FVE-FS-'),
		magic('BitLocker', 0x1a8, bitlockerToGo),
		raid1(0, 1),
		raid1(4096, 2),
		// md_p.h: 8 to 12 KiB before the end, on a 4 KiB boundary; 0.90 in the last whole 64 KiB.
		raid1(alignDown(Math.floor(volumeSize / 512) - 16, 8) * 512, 0),
		raid090(alignDown(volumeSize, 65_536) - 65_536),
		magic('bcache', 4096 + 24, bcacheMagic, { uuid: 16, label: [48, 32] }),
	];
}

function alignDown(value: number, unit: number): number {
	return Math.floor(value / unit) * unit;
}
