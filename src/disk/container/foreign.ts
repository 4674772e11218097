import { uuidFromBytes } from '../../base/guid.ts';
import { latin, magic, text, view, type Signature } from './signature.ts';
import { zfs } from './zfs.ts';

/** NILFS2 superblock: revision 2.0 beside the 16-bit magic 0x3434, which alone would be too little. */
const nilfs: Signature = {
	at: 1024,
	length: 168 + 80,
	match(piece) {
		const fields = view(piece);
		if (fields.getUint32(0, true) !== 2 || fields.getUint16(4, true) !== 0) return undefined;
		if (fields.getUint16(6, true) !== 0x3434) return undefined;
		return { type: 'NILFS2', label: text(piece, 168, 80), uuid: uuidFromBytes(piece, 152) };
	},
};

/** F2FS superblock: label of UTF-16 code units at 0x7c. */
const f2fs: Signature = {
	at: 1024,
	length: 0x7c + 128,
	match(piece) {
		if (view(piece).getUint32(0, true) !== 0xf2f52010) return undefined;
		const label = new TextDecoder('utf-16le').decode(piece.subarray(0x7c, 0x7c + 128)).split('\0')[0] ?? '';
		return { type: 'F2FS', label, uuid: uuidFromBytes(piece, 0x6c) };
	},
};

/** Volume recognition sequence, ECMA-167 part 2 (UDF) and ECMA-119 (ISO 9660): 2 KiB structures from 32 KiB on. */
const recognitionSequence: Signature = {
	at: 32_768,
	length: 16 * 2048,
	match(piece) {
		const ids = Array.from({ length: 16 }, (_, i) => latin(piece, i * 2048 + 1, 5));
		const iso = ids[0] === 'CD001';
		const label = iso ? text(piece, 40, 32) : '';
		if (ids.includes('NSR02') || ids.includes('NSR03')) return { type: 'UDF', label, uuid: '' };
		return iso ? { type: 'ISO 9660', label, uuid: '' } : undefined;
	},
};

const bcachefsMagic = [0xc6, 0x85, 0x73, 0xf6, 0x66, 0xce, 0x90, 0xa9, 0xd9, 0x6a, 0x60, 0xcf, 0x80, 0x3d, 0xf7, 0xef];

/** File systems whose maps are not read, recognised by the magic numbers that their specifications or kernels name. */
export const foreignSignatures: readonly Signature[] = [
	magic('ReFS', 3, 'ReFS\0\0\0\0'),
	magic('APFS', 32, 'NXSB', { uuid: 40 }),
	magic('HFS+', 1024, 'H+'),
	magic('HFSX', 1024, 'HX'),
	magic('HFS', 1024, 'BD'),
	f2fs,
	nilfs,
	magic('EROFS', 1024, [0xe2, 0xe1, 0xf5, 0xe0], { uuid: 48, label: [64, 16] }),
	magic('bcachefs', 4096 + 24, bcachefsMagic, { uuid: 32, label: [48, 32] }),
	magic('squashfs', 0, 'hsqs'),
	magic('JFS', 32_768, 'JFS1', { uuid: 136, label: [152, 16] }),
	magic('ReiserFS', 65_536 + 52, 'ReIsErFs', { uuid: 32, label: [48, 16] }),
	magic('ReiserFS', 65_536 + 52, 'ReIsEr2Fs', { uuid: 32, label: [48, 16] }),
	magic('ReiserFS', 65_536 + 52, 'ReIsEr3Fs', { uuid: 32, label: [48, 16] }),
	magic('ReiserFS', 8192 + 52, 'ReIsErFs'),
	magic('Reiser4', 65_536, 'ReIsEr4', { uuid: 20, label: [36, 16] }),
	magic('UFS2', 65_536 + 1372, [0x19, 0x01, 0x54, 0x19]),
	magic('UFS', 8192 + 1372, [0x54, 0x19, 0x01, 0x00]),
	magic('VMFS', 0x10_0000, [0x0d, 0xd0, 0x01, 0xc0]),
	recognitionSequence,
	zfs,
];
