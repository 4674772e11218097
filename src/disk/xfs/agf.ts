import { throwIfAborted } from '../../base/abort.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { checksumMatches } from './checksum.ts';
import { Agf, headerSectors, magic } from './structures.ts';
import type { XfsVolume } from './superblock.ts';

/** `XFS_BTREE_MAXLEVELS`: no free-space tree of a group of at most 2^31 blocks is higher. */
const maxLevels = 9;

/** An AGF whose fields have been checked against the superblock. */
export interface Group {
	readonly number: number;
	readonly blocks: number;
	/** Byte of the partition where the group begins. */
	readonly start: number;
	/** Blocks at the group's start that are never free. */
	readonly headerBlocks: number;
	readonly agf: InstanceType<typeof Agf>;
}

/** @throws AfterimageError `structure-damaged`, `read-error` */
export async function readGroup(source: ByteSource, volume: XfsVolume, number: number): Promise<Group> {
	const { sb } = volume;
	const blocks = volume.groupBlocks(number);
	const start = number * sb.agblocks * sb.blocksize;
	const at = start + sb.sectsize;
	const sector = await readBytes(source, at, sb.sectsize);
	const agf = new Agf(sector);
	const check = (field: string, expected: string | number, found: number, holds = expected === found) => {
		if (!holds) throw damaged('structure-damaged', `XFS AGF ${number}, ${field}`, at, expected, found);
	};
	check('magic number', magic.agf, agf.magicnum);
	if (volume.version === 5) {
		check('checksum', 'a matching CRC-32C', agf.crc, checksumMatches(sector, Agf.offset.crc));
		check('UUID', 'that of the superblock', agf.uuid[0]!, Buffer.compare(agf.uuid, volume.metaUuid) === 0);
	}
	check('version', 1, agf.versionnum);
	check('number', number, agf.seqno);
	check('length', blocks, agf.length);
	const checkTree = (root: number, level: number) => {
		check('tree height', `1 to ${maxLevels}`, level, level >= 1 && level <= maxLevels);
		check('tree root', `less than ${blocks}`, root, root < blocks);
	};
	checkTree(agf.bnoRoot, agf.bnoLevel);
	if (volume.version === 4) checkTree(agf.cntRoot, agf.cntLevel);
	check('free blocks', `at most ${blocks}`, agf.freeblks, agf.freeblks <= blocks);
	const headerBlocks = Math.ceil((headerSectors * sb.sectsize) / sb.blocksize);
	return { number, blocks, start, headerBlocks, agf };
}

/**
 * Free blocks as the superblock counts them after a clean unmount (`xfs_initialize_perag_data`): free extents, the
 * reserve of the free list, and the blocks of the free-space trees but their roots.
 */
export async function countFreeBlocks(source: ByteSource, volume: XfsVolume, signal?: AbortSignal): Promise<number> {
	let free = 0;
	for (let number = 0; number < volume.sb.agcount; number++) {
		throwIfAborted(signal);
		const { agf } = await readGroup(source, volume, number);
		free += agf.freeblks + agf.flcount + agf.btreeblks;
	}
	return Math.min(free, volume.sb.dblocks);
}
