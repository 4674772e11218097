import { readBytes, type ByteSource } from '../base/bytes.ts';
import { readGeometry } from './ext/geometry.ts';
import { Superblock, superblockOffset } from './ext/structures.ts';
import { recogniseFileSystem } from './recognise.ts';

/** A volume whose file system tools can make smaller. */
export interface ShrinkableVolume {
	readonly kind: 'ext' | 'ntfs';
	/** As `Recognised.type`. */
	readonly type: string;
	/** Bytes that it surely needs; its tool may need more. */
	readonly least: number;
}

/**
 * What of a volume can become smaller.
 * @returns the name of what cannot
 * @throws AfterimageError `read-error`, `cancelled`
 */
export async function shrinkableVolume(volume: ByteSource, signal: AbortSignal): Promise<ShrinkableVolume | string> {
	const { type, fileSystem } = await recogniseFileSystem(volume, { frozen: true, signal });
	if (fileSystem === undefined) return type;
	const { used } = fileSystem.info;
	if (type === 'NTFS') return { kind: 'ntfs', type, least: used };
	if (!/^ext[234]$/.test(type)) return type;
	// Groups behind the new end take their tables of inodes and their bitmaps along.
	const superblock = new Superblock(await readBytes(volume, superblockOffset, Superblock.size));
	const { groups, inodeTableBlocks, blockSize } = readGeometry(superblock, volume.size);
	return { kind: 'ext', type, least: Math.max(0, used - groups * (inodeTableBlocks + 2) * blockSize) };
}
