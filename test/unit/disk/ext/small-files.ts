import { MemoryBytes } from '../../../../src/base/bytes.ts';
import type { Geometry } from '../../../../src/disk/ext/geometry.ts';
import { Inode } from '../../../../src/disk/ext/files/inode.ts';

/** A volume of 4096 blocks of 1 KiB without checksums. */
export const geometry: Geometry = {
	blockSize: 1024,
	clusterRatio: 1,
	blocks: 4096,
	firstBlock: 1,
	superblockBlock: 1,
	groups: 1,
	blocksPerGroup: 8192,
	inodesPerGroup: 128,
	inodeSize: 256,
	firstInode: 11,
	inodeTableBlocks: 32,
	descriptorSize: 32,
	descriptorsPerBlock: 32,
	leadingDescriptorBlocks: 1,
	reservedDescriptorBlocks: 0,
	flexBg: false,
	directoryIndex: false,
	largeFolders: false,
	backups: 'powers',
	checksums: { kind: 'none', seed: 0 },
};

export const checked: Geometry = { ...geometry, checksums: { kind: 'crc32c', seed: 0x1234_5678 } };

/** A volume that starts as zeros, and counts what is read. */
export class SmallVolume extends MemoryBytes {
	reads = 0;
	/** Byte and length of each read, in order. */
	readonly log: [number, number][] = [];

	constructor(blocks = geometry.blocks) {
		super(new Uint8Array(blocks * geometry.blockSize));
	}

	override async read(offset: number, target: Uint8Array): Promise<void> {
		this.reads++;
		this.log.push([offset, target.length]);
		await super.read(offset, target);
	}

	/** A block to fill, as 16 and 32 bit numbers too. */
	block(number: number): DataView {
		return new DataView(this.bytes.buffer, number * geometry.blockSize, geometry.blockSize);
	}
}

/** Where `makeInode` puts every inode. */
export const inodePosition = 5 * 1024;

export interface InodeOptions {
	readonly number?: number;
	readonly mode?: number;
	readonly size?: number;
	readonly flags?: number;
	readonly length?: number;
	readonly geometry?: Geometry;
	/** Changes the bytes before they are read. */
	readonly change?: (inode: DataView) => void;
}

/** Bytes of an inode with a link and no checksum. */
export function inodeBytes(options: InodeOptions = {}): Uint8Array {
	const bytes = new Uint8Array(options.length ?? 256);
	const view = new DataView(bytes.buffer);
	const size = options.size ?? 0;
	view.setUint16(0x00, options.mode ?? 0o100644, true);
	view.setUint32(0x04, size % 2 ** 32, true);
	view.setUint32(0x6c, Math.floor(size / 2 ** 32), true);
	view.setUint16(0x1a, 1, true);
	view.setUint32(0x20, options.flags ?? 0, true);
	if (bytes.length > 128) view.setUint16(0x80, 32, true);
	options.change?.(view);
	return bytes;
}

export function makeInode(options: InodeOptions = {}): Inode {
	return new Inode(options.geometry ?? geometry, options.number ?? 12, inodeBytes(options), inodePosition);
}

/** What `work` throws. */
export async function failure(work: () => unknown): Promise<unknown> {
	try {
		await work();
	} catch (error) {
		return error;
	}
	return undefined;
}
