import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { crc32c } from '../../../../src/disk/crc32c.ts';
import {
	Dinode,
	dinodeCore4,
	ExtentBlock,
	extentHeader4,
	FolderBlock,
	folderHeader4,
	magic,
	Superblock,
	SymlinkBlock,
} from '../../../../src/disk/xfs/structures.ts';
import { putEntries, putExtent, putShortEntries, type Entry, type Extent } from './file-records.ts';

/**
 * A small XFS made by hand, of what the reader of files looks at: 1 KiB blocks, two groups of 256 blocks, inodes of 512
 * bytes in the first blocks behind the header of the first group, folder blocks of 2 KiB. No free-space trees, no log.
 */
export const blockSize = 1024;
const inodeSize = 512;
const groupBlocks = 256;
const blocks = 2 * groupBlocks;
const uuid = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const firstInode = 8;
const leafOffsetBlock = (32 * 2 ** 30) / blockSize;

export const inodes = {
	root: firstInode,
	file: firstInode + 1,
	tree: firstInode + 2,
	folder: firstInode + 3,
	blockFolder: firstInode + 4,
	shortLink: firstInode + 5,
	longLink: firstInode + 6,
	pipe: firstInode + 7,
	realtime: firstInode + 8,
	empty: firstInode + 9,
	free: firstInode + 10,
} as const;

/** First blocks of what lies outside of the inodes; the long link is in two pieces. */
const places = {
	file: 32,
	file2: 300,
	leaf0: 50,
	leaf1: 51,
	treeData: 100,
	folder: 60,
	folder2: 66,
	whole: 70,
} as const;
const linkPlaces = [80, 90] as const;
export const linkTarget = 'target/'.repeat(143);

/** Modes with their kinds. */
const mode = { folder: 0o040755, file: 0o100640, link: 0o120777, pipe: 0o010600 } as const;

export interface FileSample {
	readonly volume: MemoryBytes;
	readonly version: 4 | 5;
	/** Makes all checksums right again after a change. */
	readonly seal: () => void;
	readonly sb: InstanceType<typeof Superblock>;
	readonly inode: (number: number) => InstanceType<typeof Dinode>;
	/** Byte at which the data fork of an inode begins. */
	readonly fork: (number: number) => number;
	/** Byte at which a block begins, by its name above. */
	readonly place: (name: keyof typeof places | 'link') => number;
	/** Everything that is checked before it is believed: start and length. */
	readonly metadata: readonly { readonly start: number; readonly length: number }[];
}

export function makeFileSample(version: 4 | 5, kinds = version === 5): FileSample {
	const bytes = new Uint8Array(blocks * blockSize);
	const view = new DataView(bytes.buffer);
	const sealed: { start: number; length: number; crc: number }[] = [
		{ start: 0, length: 512, crc: Superblock.offset.crc },
	];
	const metadata: { start: number; length: number }[] = [];
	const add = (start: number, length: number, crc: number) => {
		metadata.push({ start, length });
		if (version === 5) sealed.push({ start, length, crc });
	};
	const sb = new Superblock(bytes);
	Object.assign(sb, { magicnum: magic.superblock, blocksize: blockSize, dblocks: blocks, uuid, rootino: inodes.root });
	Object.assign(sb, { agblocks: groupBlocks, agcount: 2, sectsize: 512, blocklog: 10, sectlog: 9, agblklog: 8 });
	Object.assign(sb, { inodesize: inodeSize, inopblock: 2, inopblog: 1, dirblklog: 1, versionnum: 0xb4a0 + version });
	if (version === 5) sb.featuresIncompat = 0x2b;
	else sb.features2 = 0x8a | (kinds ? 0x200 : 0);

	const place = (name: keyof typeof places | 'link') => (name === 'link' ? linkPlaces[0] : places[name]) * blockSize;
	const inodeAt = (number: number) => number * inodeSize;
	const inode = (number: number) => new Dinode(bytes, inodeAt(number));
	const core = version === 5 ? Dinode.size : dinodeCore4;
	const fork = (number: number) => inodeAt(number) + core;
	const addInode = (number: number, fields: Partial<InstanceType<typeof Dinode>>) => {
		add(inodeAt(number), inodeSize, Dinode.offset.crc);
		const own = version === 5 ? { ino: number, uuid, flags2: 0n } : {};
		const fixed = {
			magic: magic.inode,
			version: version === 5 ? 3 : 2,
			format: 2,
			mtime: (1_700_000_000n << 32n) | 5_000_000n,
		};
		Object.assign(inode(number), fixed, own, fields);
	};
	const addExtents = (number: number, extents: readonly Extent[]) => {
		extents.forEach((extent, i) => putExtent(bytes, fork(number) + 16 * i, extent));
		inode(number).nextents = extents.length;
	};
	const describe = (owner: number, start: number) => ({ uuid, owner: BigInt(owner), blkno: BigInt(start / 512) });

	addInode(inodes.root, { mode: mode.folder, format: 1 });
	inode(inodes.root).size = putShortEntries(
		bytes,
		fork(inodes.root),
		inodes.root,
		[
			...(['file', 'tree', 'folder', 'pipe', 'realtime'] as const).map((name) => ({ name, inode: inodes[name] })),
			{ name: 'whole', inode: inodes.blockFolder },
		],
		kinds,
	);

	// A written piece, a hole, a reserved piece, a written one in the second group, and a reserved one behind the end.
	addInode(inodes.file, { mode: mode.file, size: 8 * blockSize + 100 });
	addExtents(inodes.file, [
		{ start: 1, block: places.file, count: 2 },
		{ start: 5, block: places.file + 10, count: 1, unwritten: true },
		{ start: 6, block: places.file2, count: 3 },
		{ start: 9, block: places.file2 + 20, count: 4, unwritten: true },
	]);
	for (let block = 0; block < 13; block++) bytes.fill(0x40 + block, (32 + block) * blockSize, (33 + block) * blockSize);
	bytes.fill(0x66, place('file2'), place('file2') + 3 * blockSize);

	// Every second block of a file, in two leaves.
	addInode(inodes.tree, { mode: mode.file, format: 3, size: 40 * blockSize, nextents: 20 });
	const root = fork(inodes.tree);
	const most = Math.floor((inodeSize - core - 4) / 16);
	view.setUint16(root, 1);
	view.setUint16(root + 2, 2);
	[places.leaf0, places.leaf1].forEach((block, i) => {
		view.setBigUint64(root + 4 + 8 * i, BigInt(20 * i));
		view.setBigUint64(root + 4 + 8 * most + 8 * i, BigInt(block));
		const start = block * blockSize;
		const leaf = new ExtentBlock(bytes, start);
		Object.assign(leaf, { magic: version === 5 ? magic.extents : magic.extents4, level: 0, numrecs: 10 });
		if (version === 5) Object.assign(leaf, describe(inodes.tree, start));
		add(start, blockSize, ExtentBlock.offset.crc);
		const from = start + (version === 5 ? ExtentBlock.size : extentHeader4);
		for (let k = 0; k < 10; k++) {
			const index = 10 * i + k;
			putExtent(bytes, from + 16 * k, { start: 2 * index, block: places.treeData + index, count: 1 });
		}
	});
	for (let i = 0; i < 20; i++)
		bytes.fill(i + 1, (places.treeData + i) * blockSize, (places.treeData + i + 1) * blockSize);

	const header = version === 5 ? FolderBlock.size : folderHeader4;
	const addFolderBlock = (start: number, owner: number, kind: number, entries: readonly Entry[], end: number) => {
		const block = new FolderBlock(bytes, start);
		block.magic = kind;
		if (version === 5) Object.assign(block, describe(owner, start));
		add(start, 2 * blockSize, FolderBlock.offset.crc);
		putEntries(bytes, start, start + header, end, entries, kinds);
	};
	const dots = (own: number) => [
		{ name: '.', inode: own },
		{ name: '..', inode: inodes.root },
	];
	const data = version === 5 ? magic.folderData : magic.folderData4;
	// Two data blocks with a hole of one between them, and a block of hash values behind all data.
	addInode(inodes.folder, { mode: mode.folder, size: 6 * blockSize });
	addExtents(inodes.folder, [
		{ start: 0, block: places.folder, count: 2 },
		{ start: 4, block: places.folder2, count: 2 },
		{ start: leafOffsetBlock, block: places.folder2 + 2, count: 2 },
	]);
	const first = [
		...dots(inodes.folder),
		{ name: 'short link', inode: inodes.shortLink },
		{ name: 'empty', inode: inodes.empty },
	];
	addFolderBlock(place('folder'), inodes.folder, data, first, place('folder') + 2 * blockSize);
	addFolderBlock(
		place('folder2'),
		inodes.folder,
		data,
		[{ name: 'long link', inode: inodes.longLink }],
		place('folder2') + 2 * blockSize,
	);

	addInode(inodes.blockFolder, { mode: mode.folder, size: 2 * blockSize });
	addExtents(inodes.blockFolder, [{ start: 0, block: places.whole, count: 2 }]);
	const tail = place('whole') + 2 * blockSize - 8;
	view.setUint32(tail, 3);
	const listed = [...dots(inodes.blockFolder), { name: Uint8Array.of(0x61, 0xff), inode: inodes.empty }];
	addFolderBlock(
		place('whole'),
		inodes.blockFolder,
		version === 5 ? magic.folderBlock : magic.folderBlock4,
		listed,
		tail - 24,
	);

	addInode(inodes.shortLink, { mode: mode.link, format: 1, size: 4 });
	bytes.set(Buffer.from('file'), fork(inodes.shortLink));
	addInode(inodes.longLink, { mode: mode.link, size: linkTarget.length });
	const target = Buffer.from(linkTarget);
	const linkBlocks = version === 5 ? linkPlaces : linkPlaces.slice(0, 1);
	addExtents(
		inodes.longLink,
		linkBlocks.map((block, i) => ({ start: i, block, count: 1 })),
	);
	if (version === 4) {
		bytes.set(target, place('link'));
	} else {
		let done = 0;
		for (const block of linkBlocks) {
			const start = block * blockSize;
			const length = Math.min(blockSize - SymlinkBlock.size, target.length - done);
			Object.assign(new SymlinkBlock(bytes, start), {
				magic: magic.symlink,
				offset: done,
				length,
				...describe(inodes.longLink, start),
			});
			bytes.set(target.subarray(done, done + length), start + SymlinkBlock.size);
			add(start, blockSize, SymlinkBlock.offset.crc);
			done += length;
		}
	}
	addInode(inodes.pipe, { mode: mode.pipe, format: 0 });
	addInode(inodes.realtime, { mode: mode.file, size: 10, flags: 1 });
	addInode(inodes.empty, { mode: mode.file, size: 0 });
	addInode(inodes.free, { mode: 0 });

	const seal = () => {
		for (const { start, length, crc } of sealed) {
			view.setUint32(start + crc, 0, true);
			view.setUint32(start + crc, ~crc32c(0xffffffff, bytes, start, start + length), true);
		}
	};
	if (version === 5) seal();
	return { volume: new MemoryBytes(bytes), version, seal, sb, inode, fork, place, metadata };
}
