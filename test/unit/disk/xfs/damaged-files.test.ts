import { expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import type { FolderNode } from '../../../../src/disk/files.ts';
import { ExtentBlock, FolderBlock, SymlinkBlock } from '../../../../src/disk/xfs/structures.ts';
import { blockSize, inodes, makeFileSample, putExtent, putShortEntries, type FileSample } from './file-sample.ts';
import { openFiles, treeText } from './tree-text.ts';

type Change = (sample: FileSample, view: DataView) => void;

/** What the tree tells of a path after a change whose checksums match. */
async function after(change: Change, path: string, version: 4 | 5): Promise<string | undefined> {
	const sample = makeFileSample(version);
	change(sample, new DataView(sample.volume.bytes.buffer));
	if (version === 5) sample.seal();
	return (await treeText(sample.volume)).get(path);
}

const badEntries: Change = (sample) => {
	sample.inode(inodes.root).size = putShortEntries(
		sample.volume.bytes,
		sample.fork(inodes.root),
		[
			{ name: 'ok', inode: inodes.empty },
			{ name: 'a/b', inode: inodes.empty },
			{ name: '..', inode: inodes.empty },
			{ name: 'n\0l', inode: inodes.empty },
			{ name: 'free', inode: inodes.free },
			{ name: 'outside', inode: 0x7fff_ffff },
			{ name: 'header', inode: 1 },
			{ name: 'loop', inode: inodes.root },
			{ name: 'folder', inode: inodes.blockFolder },
			{ name: 'again', inode: inodes.blockFolder },
		],
		sample.version === 5,
	);
};

test.each([4, 5] as const)('entries that lead to damage are told among sound ones, version %i', async (version) => {
	const sample = makeFileSample(version);
	badEntries(sample, new DataView(sample.volume.bytes.buffer));
	if (version === 5) sample.seal();
	const text = await treeText(sample.volume);
	expect([...text.keys()].sort()).toEqual([
		'',
		'/\\x2e\\x2e',
		'/a\\x2fb',
		'/again',
		'/folder',
		'/folder/a\\xff',
		'/free',
		'/header',
		'/loop',
		'/n\\x00l',
		'/ok',
		'/outside',
	]);
	for (const name of ['\\x2e\\x2e', 'a\\x2fb', 'n\\x00l']) expect(text.get(`/${name}`)).toMatch(/^damaged: .*name/);
	expect(text.get('/free')).toMatch(/^damaged: .*not in use/);
	for (const name of ['outside', 'header']) expect(text.get(`/${name}`)).toMatch(/^damaged: .*inode number/);
	for (const name of ['loop', 'again']) expect(text.get(`/${name}`)).toMatch(/^damaged: .*more than one place/);
});

test('a folder in two places is in the first in which it is found, however often that is listed', async () => {
	const sample = makeFileSample(5);
	// The short link of the inner folder becomes a second place of the folder beside it.
	const entry = sample.place('folder') + FolderBlock.size + 16 + 16;
	new DataView(sample.volume.bytes.buffer).setBigUint64(entry, BigInt(inodes.blockFolder));
	sample.seal();
	const { root } = await openFiles(sample.volume);
	const kinds = async (folder: FolderNode) => new Map((await folder.list()).map(({ name, kind }) => [name, kind]));
	const inner = (await root.list()).find(({ name }) => name === 'folder') as FolderNode;
	for (let time = 0; time < 2; time++) {
		expect((await kinds(root)).get('whole')).toBe('folder');
		expect((await kinds(inner)).get('short link')).toBe('damaged');
	}
});

const header = { 4: 16, 5: 64 } as const;
const extentHeader = { 4: 24, 5: 72 } as const;
const extent = (number: number, index: number, start: number, block: number, count: number): Change => {
	return (sample) => putExtent(sample.volume.bytes, sample.fork(number) + 16 * index, { start, block, count });
};

const both: [what: string, path: string, change: Change, expected: RegExp][] = [
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
	['an extent behind the last group', '/file', extent(inodes.file, 0, 0, 512, 1), /blocks of one group/],
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
	['a leaf without its magic number', '/tree', (s, v) => v.setUint32(s.place('leaf1'), 1), /magic number/],
	['a leaf without records', '/tree', (s, v) => v.setUint16(s.place('leaf1') + 6, 0), /number of records/],
	['a leaf with more records than fit', '/tree', (s, v) => v.setUint16(s.place('leaf1') + 6, 65), /number of records/],
	[
		'leaves in the wrong order',
		'/tree',
		(s) => putExtent(s.volume.bytes, s.place('leaf1') + extentHeader[s.version], { start: 4, block: 110, count: 1 }),
		/one from block 19 on/,
	],
	['a folder that is too long for its inode', '', (s) => (s.inode(inodes.root).size = 500), /, size at/],
	['entries that end early', '', (s) => (s.inode(inodes.root).size += 1), /end of the entries/],
	['entries that end late', '', (s) => (s.inode(inodes.root).size -= 1), /an end within/],
	['more entries than there are', '', (s, v) => v.setUint8(s.fork(inodes.root), 200), /entry at/],
	['a folder of no whole block', '/folder', (s) => (s.inode(inodes.folder).size = 1500), /a multiple of 2048/],
	[
		'a folder with entries behind its end',
		'/folder',
		(s) => (s.inode(inodes.folder).size = 4096),
		/end of the entries/,
	],
	[
		'a folder in reserved blocks',
		'/folder',
		(s) => putExtent(s.volume.bytes, s.fork(inodes.folder), { start: 0, block: 60, count: 2, unwritten: true }),
		/written blocks/,
	],
	['half a folder block', '/folder', extent(inodes.folder, 1, 5, 66, 1), /one at byte 4096|magic number|checksum/],
	['a folder block without its magic number', '/folder', (s, v) => v.setUint32(s.place('folder2'), 7), /magic number/],
	[
		'a whole folder where a piece of one is expected',
		'/folder',
		(s, v) => v.setUint32(s.place('folder2'), s.version === 5 ? 0x58444233 : 0x58443242),
		/magic number/,
	],
	[
		'more hash values than fit',
		'/whole',
		(s, v) => v.setUint32(s.place('whole') + 2 * blockSize - 8, 255),
		/number of hash values/,
	],
	['an entry with a wrong tag', '/whole', (s, v) => v.setUint16(s.place('whole') + header[s.version] + 14, 3), /tag/],
	[
		'an entry over the end',
		'/whole',
		(s, v) => v.setUint32(s.place('whole') + 2 * blockSize - 8, 240),
		/entry|free piece/,
	],
	[
		'a free piece of no length',
		'/whole',
		(s, v) => v.setUint32(s.place('whole') + header[s.version], 0xffff_0000),
		/length of a free piece/,
	],
	[
		'a free piece of odd length',
		'/whole',
		(s, v) => v.setUint32(s.place('whole') + header[s.version], 0xffff_0011),
		/length of a free piece/,
	],
	[
		'a free piece over the end',
		'/whole',
		(s, v) => v.setUint32(s.place('whole') + header[s.version], 0xffff_0f00),
		/length of a free piece/,
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

test.each(both.flatMap(([what, ...rest]) => ([4, 5] as const).map((version) => [what, version, ...rest] as const)))(
	'%s, version %i',
	async (_, version, path, change, expected) => {
		const text = (await after(change, path, version)) ?? '';
		expect(text).toMatch(/^(damaged|structure-damaged): /);
		expect(text).toMatch(expected);
	},
);

const version5: [what: string, path: string, change: Change, expected: RegExp][] = [
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

test.each(version5)('%s', async (_, path, change, expected) => {
	const text = (await after(change, path, 5)) ?? '';
	expect(text).toMatch(/^(damaged|structure-damaged): /);
	expect(text).toMatch(expected);
});

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
	['an inode size of no power of two', (s: FileSample) => (s.sb.inodesize = 500)],
	['larger inodes than there are', (s: FileSample) => Object.assign(s.sb, { inodesize: 4096, inopblock: 0 })],
	['inodes that do not fill a block', (s: FileSample) => Object.assign(s.sb, { inopblock: 4, inopblog: 2 })],
	['folder blocks that are too large', (s: FileSample) => (s.sb.dirblklog = 7)],
	['a root outside of the groups', (s: FileSample) => (s.sb.rootino = 1 << 20)],
	['a root that is a file', (s: FileSample) => (s.sb.rootino = inodes.file)],
])('a superblock with %s', async (_, change) => {
	const sample = makeFileSample(5);
	change(sample);
	sample.seal();
	expect((await treeText(sample.volume)).get('')).toMatch(/^structure-damaged/);
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
