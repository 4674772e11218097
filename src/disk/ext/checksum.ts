import { crc32c } from '../crc32c.ts';
import { Incompat, RoCompat } from './features.ts';
import { GroupDescriptor, GroupDescriptorHigh, Superblock } from './structures.ts';

/** How a file system protects its group descriptors and, with crc32c, its superblock and bitmaps too. */
export type ChecksumKind = 'none' | 'crc16' | 'crc32c';

export interface Checksums {
	readonly kind: ChecksumKind;
	/** The state after what every checksum of this file system begins with: its UUID. */
	readonly seed: number;
}

/** Where both features are set, metadata_csum counts (Linux fs/ext4/super.c treats uninit_bg as redundant then). */
export function checksumsOf(superblock: Superblock): Checksums {
	if ((superblock.roCompat & RoCompat.metadataChecksum) !== 0) {
		const stored = (superblock.incompat & Incompat.checksumSeed) !== 0;
		return { kind: 'crc32c', seed: stored ? superblock.checksumSeed : crc32c(0xffffffff, superblock.uuid) };
	}
	if ((superblock.roCompat & RoCompat.gdtChecksum) !== 0)
		return { kind: 'crc16', seed: crc16(0xffff, superblock.uuid) };
	return { kind: 'none', seed: 0 };
}

/** `s_checksum`: everything before the field itself. */
export function superblockChecksum(superblock: Superblock): number {
	return crc32c(0xffffffff, superblock.bytes, 0, Superblock.offset.checksum);
}

const number = new Uint8Array(4);
const zeros = new Uint8Array(2);

/** `bg_checksum` of the descriptor at `at`, for either kind. */
export function descriptorChecksum(
	sums: Checksums,
	group: number,
	bytes: Uint8Array,
	at: number,
	size: number,
): number {
	number[0] = group;
	number[1] = group >>> 8;
	number[2] = group >>> 16;
	number[3] = group >>> 24;
	const field = at + GroupDescriptor.offset.checksum;
	const rest = field + 2;
	if (sums.kind === 'crc16') {
		const state = crc16(crc16(sums.seed, number), bytes, at, field);
		return crc16(state, bytes, rest, at + size);
	}
	const state = crc32c(crc32c(crc32c(sums.seed, number), bytes, at, field), zeros);
	return crc32c(state, bytes, rest, at + size) & 0xffff;
}

/** Which bits of a bitmap checksum a descriptor of `size` bytes has room for: 16, or 32 with its upper half. */
export function bitmapChecksumMask(size: number): number {
	return size >= GroupDescriptorHigh.size ? 0xffffffff : 0xffff;
}

const crc16Table = Uint16Array.from({ length: 256 }, (_, byte) => {
	let state = byte;
	for (let bit = 0; bit < 8; bit++) state = (state & 1) === 0 ? state >>> 1 : (state >>> 1) ^ 0xa001;
	return state;
});

/** Advances a CRC-16 (polynomial x^16 + x^15 + x^2 + 1, reflected, no inversion). */
export function crc16(state: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
	let crc = state;
	for (let at = start; at < end; at++) crc = (crc >>> 8) ^ crc16Table[(crc ^ bytes[at]!) & 0xff]!;
	return crc;
}
