import { raidAtEnd, raidAtStart } from './linux-raid.ts';
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

const bcacheMagic = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];

/**
 * Layers that a file system lies in. They are looked for before file systems, since a file system may show through:
 * a mirror's members begin with it, BitLocker To Go imitates one.
 */
export function layerSignatures(volumeSize: number): Signature[] {
	return [
		// What an array of an older format holds shows at the beginning of its members.
		...raidAtEnd(volumeSize),
		luks,
		lvm,
		magic('BitLocker', 3, '-FVE-FS-'),
		magic('BitLocker', 0x1a8, bitlockerToGo),
		...raidAtStart,
		magic('bcache', 4096 + 24, bcacheMagic, { uuid: 16, label: [48, 32] }),
	];
}
