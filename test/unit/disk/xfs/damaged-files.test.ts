import { expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { ExtentBlock, FolderBlock, SymlinkBlock } from '../../../../src/disk/xfs/structures.ts';
import { describeDamage, extent, type Damage } from './damage.ts';
import { putExtent } from './file-records.ts';
import { blockSize, inodes, makeFileSample, type FileSample } from './file-sample.ts';
import { treeText } from './tree-text.ts';

const extentHeader = { 4: 24, 5: 72 } as const;

/** Where in a root of a tree the block numbers begin, behind the level and the number of records. */
const firstPointer = ({ version }: FileSample) => 8 * Math.floor((512 - (version === 5 ? 176 : 100) - 4) / 16);

const both: Damage[] = [
	['an inode without its magic number', '/file', (s) => (s.inode(inodes.file).magic = 0), /magic number/],
	['an inode of another version', '/file', (s) => (s.inode(inodes.file).version = 9), /version/],
	['a fork offset beyond the inode', '/file', (s) => (s.inode(inodes.file).forkoff = 255), /fork offset/],
	['a size beyond 2^53', '/file', (_, v) => v.setUint32(inodes.file * 512 + 0x38, 0x4000_0000), /2\^53/],
	['more extents than there is room for', '/file', (s) => (s.inode(inodes.file).nextents = 200), /at most \d+/],
	['a file within its inode', '/file', (s) => (s.inode(inodes.file).format = 1), /format of the data fork/],
	['extents that overlap', '/file', extent(inodes.file, 1, 2, 40, 2), /one from block 3 on/],
	['an extent of nothing', '/file', extent(inodes.file, 1, 3, 40, 0), /blocks of one group/],
	['an extent over the end of its group', '/file', extent(inodes.file, 0, 0, 255, 2), /blocks of one group/],
	['an extent in the header of a group', '/file', extent(inodes.file, 0, 0, 257, 1), /blocks of one group/],
	['an extent behind the last group', '/file', extent(inodes.file, 0, 0, 520, 1), /blocks of one group/],
	[
		'fewer extents in the tree than told',
		'/tree',
		(s) => (s.inode(inodes.tree).nextents = 21),
		/expected 21, found 20/,
	],
	['a root of level 0', '/tree', (s, v) => v.setUint16(s.fork(inodes.tree), 0), /level of the root/],
	['a root of level 11', '/tree', (s, v) => v.setUint16(s.fork(inodes.tree), 11), /level of the root/],
	['a root of level 2', '/tree', (s, v) => v.setUint16(s.fork(inodes.tree), 2), /level at/],
	['a root without records', '/tree', (s, v) => v.setUint16(s.fork(inodes.tree) + 2, 0), /number of records/],
	[
		'a root with more records than fit',
		'/tree',
		(s, v) => v.setUint16(s.fork(inodes.tree) + 2, 99),
		/number of records/,
	],
	[
		'a root that leads out of the volume',
		'/tree',
		(s, v) => v.setUint32(s.fork(inodes.tree) + 4 + firstPointer(s), 9),
		/child block/,
	],
	['a leaf without its magic number', '/tree', (s, v) => v.setUint32(s.place('leaf1'), 1), /magic number/],
	['a leaf without records', '/tree', (s, v) => v.setUint16(s.place('leaf1') + 6, 0), /number of records/],
	['a leaf with more records than fit', '/tree', (s, v) => v.setUint16(s.place('leaf1') + 6, 65), /number of records/],
	[
		'leaves in the wrong order',
		'/tree',
		(s) => putExtent(s.volume.bytes, s.place('leaf1') + extentHeader[s.version], { start: 4, block: 110, count: 1 }),
		/one from block 19 on/,
	],
	['a link of no length', '/folder/short link', (s) => (s.inode(inodes.shortLink).size = 0), /length/],
	['a link beyond its inode', '/folder/short link', (s) => (s.inode(inodes.shortLink).size = 900), /length/],
	['a link longer than any', '/folder/long link', (s) => (s.inode(inodes.longLink).size = 1025), /length/],
	[
		'a NUL in a target',
		'/folder/short link',
		(s, v) => v.setUint8(s.fork(inodes.shortLink) + 2, 0),
		/expected no NUL, found one at 2/,
	],
	['a link with too few blocks', '/folder/long link', (s) => (s.inode(inodes.longLink).nextents = 0), /length at/],
];

describeDamage(both, [4, 5]);

const version5: Damage[] = [
	['an inode that says it is another', '/file', (s) => (s.inode(inodes.file).ino = 12), /own number/],
	['an inode of another file system', '/file', (s) => (s.inode(inodes.file).uuid[3] = 0), /UUID/],
	[
		'extents of another file',
		'/tree',
		(s) => (new ExtentBlock(s.volume.bytes, s.place('leaf0')).owner = 3n),
		/owner at byte \d+: expected 10, found 3/,
	],
	[
		'extents from elsewhere',
		'/tree',
		(s) => (new ExtentBlock(s.volume.bytes, s.place('leaf0')).blkno = 3n),
		/own address/,
	],
	[
		'entries of another file system',
		'/folder',
		(s) => (new FolderBlock(s.volume.bytes, s.place('folder2')).uuid[0] = 0),
		/UUID/,
	],
	[
		'entries of another folder',
		'/folder',
		(s) => (new FolderBlock(s.volume.bytes, s.place('folder2')).owner = 8n),
		/owner/,
	],
	[
		'entries from elsewhere',
		'/folder',
		(s) => (new FolderBlock(s.volume.bytes, s.place('folder2')).blkno = 8n),
		/own address/,
	],
	[
		'a target of another link',
		'/folder/long link',
		(s) => (new SymlinkBlock(s.volume.bytes, s.place('link')).owner = 8n),
		/owner/,
	],
	[
		'a piece of a target that is not the next',
		'/folder/long link',
		(s) => (new SymlinkBlock(s.volume.bytes, s.place('link')).offset = 8),
		/place in the target/,
	],
	[
		'a piece of a target that is too short',
		'/folder/long link',
		(s) => (new SymlinkBlock(s.volume.bytes, s.place('link')).length = 8),
		/number of bytes/,
	],
	['a target without its magic number', '/folder/long link', (s, v) => v.setUint32(s.place('link'), 8), /magic number/],
];

describeDamage(version5, [5]);

test.each([
	['inodes', '/file', () => inodes.file * 512 + 0x10],
	['extents', '/tree', (s: FileSample) => s.place('leaf1') + 1000],
	['folder blocks', '/folder', (s: FileSample) => s.place('folder2') + 1000],
	['targets', '/folder/long link', (s: FileSample) => s.place('link') + 500],
])('checksums of %s are checked', async (_, path, at) => {
	const sample = makeFileSample(5);
	sample.volume.bytes[at(sample)]! ^= 0x10;
	expect((await treeText(sample.volume)).get(path)).toMatch(/damaged: .*checksum/);
});

test.each([
	['smaller inodes than there are', { inodesize: 256, inopblock: 4, inopblog: 2 }, /superblock, inode size/],
	['inodes of no size', { inodesize: 0 }, /superblock, inode size/],
	['inodes that do not fill a block', { inopblock: 4, inopblog: 2 }, /superblock, inodes a block/],
	['two numbers of inodes a block', { inopblog: 2 }, /superblock, inodes a block/],
	['folder blocks that are too large', { dirblklog: 7 }, /superblock, folder block size/],
	['a root outside of the groups', { rootino: 1 << 20 }, /inode number/],
	['a root that is a file', { rootino: inodes.file }, /kind of the root/],
])('a superblock with %s', async (_, fields, expected) => {
	const sample = makeFileSample(5);
	Object.assign(sample.sb, fields);
	sample.seal();
	const text = (await treeText(sample.volume)).get('') ?? '';
	expect(text).toMatch(/^structure-damaged/);
	expect(text).toMatch(expected);
});

test('what lies behind the end of a cut volume is damage or a read error', async () => {
	const { volume } = makeFileSample(5);
	const cut = await treeText(new MemoryBytes(volume.bytes.slice(0, 80 * blockSize)));
	expect(cut.get('/file')).toMatch(/^read-error/);
	expect(cut.get('/folder/long link')).toMatch(/^read-error/);
	expect(cut.get('/whole/a\\xff')).toMatch(/^file/);
	const inodeCut = await treeText(new MemoryBytes(volume.bytes.slice(0, inodes.folder * 512)));
	expect(inodeCut.get('/folder')).toMatch(/^damaged: .*inode number/);
});
