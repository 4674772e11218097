import { expect, test } from 'vitest';
import type { FolderNode } from '../../../../src/disk/files.ts';
import { FolderBlock } from '../../../../src/disk/xfs/structures.ts';
import { describeDamage, extent, type Change, type Damage } from './damage.ts';
import { putExtent, putShortEntries } from './file-records.ts';
import { blockSize, inodes, makeFileSample } from './file-sample.ts';
import { openFiles, treeText } from './tree-text.ts';

const badEntries: Change = (sample) => {
	sample.inode(inodes.root).size = putShortEntries(
		sample.volume.bytes,
		sample.fork(inodes.root),
		inodes.root,
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

test('a block of a folder in two extents is read once', async () => {
	const sample = makeFileSample(5);
	const { bytes } = sample.volume;
	const half = sample.place('folder2') + blockSize;
	const fork = sample.fork(inodes.folder);
	bytes.copyWithin(200 * blockSize, half, half + blockSize);
	putExtent(bytes, fork + 16, { start: 4, block: 66, count: 1 });
	putExtent(bytes, fork + 32, { start: 5, block: 200, count: 1 });
	sample.inode(inodes.folder).nextents = 3;
	sample.seal();
	bytes.fill(0xff, half, half + blockSize);
	const { root } = await openFiles(sample.volume);
	const folder = (await root.list()).find(({ name }) => name === 'folder') as FolderNode;
	expect((await folder.list()).map(({ name }) => name)).toEqual(['short link', 'empty', 'long link']);
});

/** Where the entries of a block begin. */
const header = { 4: 16, 5: 64 } as const;

/** Puts an entry with a name of this length into the last bytes of a folder's block, and a free piece before it. */
const lastEntry = (room: number, nameLength: number): Change => {
	return (sample, view) => {
		const start = sample.place('folder2');
		const from = start + header[sample.version] + 24;
		const entry = start + 2 * blockSize - room;
		view.setUint16(from, 0xffff);
		view.setUint16(from + 2, entry - from);
		view.setUint16(entry - 2, from - start);
		view.setBigUint64(entry, BigInt(inodes.empty));
		if (room > 8) view.setUint8(entry + 8, nameLength);
	};
};

const folders: Damage[] = [
	['a folder that is too long for its inode', '', (s) => (s.inode(inodes.root).size = 500), /, size at/],
	['entries that end early', '', (s) => (s.inode(inodes.root).size += 1), /end of the entries/],
	['entries that end late', '', (s) => (s.inode(inodes.root).size -= 1), /an end within/],
	['more entries than there are', '', (s, v) => v.setUint8(s.fork(inodes.root), 200), /entry at/],
	['a folder of no block', '/folder', (s) => (s.inode(inodes.folder).size = 0), /a multiple of 2048/],
	['a folder that is too long', '/folder', (s) => (s.inode(inodes.folder).size = 2 ** 35 + 2048), /a multiple of 2048/],
	[
		'a folder of more blocks than there are',
		'/folder',
		(s, v) => {
			Object.assign(s.inode(inodes.folder), { size: 2 ** 20, nextents: 3 });
			for (let i = 0; i < 3; i++) extent(inodes.folder, i, 250 * i, 4, 250)(s, v);
		},
		/size of all blocks/,
	],
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
	['half a folder block', '/folder', extent(inodes.folder, 1, 5, 66, 1), /one at byte 4096 of the folder/],
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
	['an entry over the end', '/folder', lastEntry(16, 200), /an end within 2048 bytes/],
	['an entry without room for its inode and length', '/folder', lastEntry(8, 0), /9 bytes within 2048/],
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
];

describeDamage(folders, [4, 5]);
