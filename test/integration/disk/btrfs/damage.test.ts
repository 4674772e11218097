import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import * as on from '../../../../src/disk/btrfs/structures.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import type { EditableImage, EditableItem } from './editable.ts';
import { smallImage, walkAll } from './small-image.ts';

const isReady = [requireRoot(), requireTools(['mkfs.btrfs', 'btrfs', 'mount'])].every(Boolean);
const temp = useTempFolder();
let image: EditableImage;
let pristine: ReadonlyMap<string, string>;

beforeAll(async () => {
	if (!isReady) return;
	({ image, pristine } = await smallImage(temp.file('image')));
});

const { fileTree, checksumTree, rootTree } = on.objectId;

const nameOf = ({ data }: EditableItem, header: number, length: number) =>
	Buffer.from(data.buffer, data.byteOffset + header, length).toString();

/** The entries of this name in the top level's leaves: those that a snapshot shares with it may be others. */
function entriesOf(name: string): EditableItem[] {
	const size = on.DirItem.size;
	return image
		.items(fileTree, on.keyType.dirIndex)
		.filter((item) => nameOf(item, size, item.data.byteLength - size) === name);
}

const idOf = (name: string) => Number(entriesOf(name)[0]!.data.getBigUint64(0, true));
const itemsOf = (name: string, type: number) => {
	const id = idOf(name);
	return image.items(fileTree, type).filter((item) => item.id === id);
};
const place = on.FileExtent.size;
const extents = (name: string) => itemsOf(name, on.keyType.extentData);
const firstExtent = (name: string) => extents(name).slice(0, 1);
const inodes = (name: string) => itemsOf(name, on.keyType.inodeItem);
const checksums = () => image.items(checksumTree, on.keyType.extentChecksum);

const spoilChecksums = (data: DataView) => {
	for (let at = 0; at < data.byteLength; at += 4) data.setUint32(at, 7, true);
};

interface Edit {
	readonly items: () => EditableItem[];
	readonly change: (data: DataView, item: EditableItem) => void;
	/** A path, and what becomes of it. */
	readonly path: string;
	readonly expected: RegExp | 'unchanged' | 'gone';
}

const edits: Record<string, Edit> = {
	'an encrypted extent': {
		items: () => extents('plain'),
		change: (data) => data.setUint8(0x11, 1),
		path: '/plain',
		expected: /^error not-supported .*encryption 1/,
	},
	'another encoding': {
		items: () => extents('plain'),
		change: (data) => data.setUint16(0x12, 2, true),
		path: '/plain',
		expected: /^error not-supported .*encoding 2/,
	},
	'an unknown compression': {
		items: () => extents('zlib long'),
		change: (data) => data.setUint8(0x10, 9),
		path: '/zlib long',
		expected: /^error not-supported .*compression type 9/,
	},
	'another compression': {
		items: () => firstExtent('zlib long'),
		change: (data) => data.setUint8(0x10, 2),
		path: '/zlib long',
		expected: /^error structure-damaged Btrfs LZO data/,
	},
	'an unknown type of extent': {
		items: () => extents('plain'),
		change: (data) => data.setUint8(0x14, 3),
		path: '/plain',
		expected: /^error structure-damaged Btrfs file extent, type/,
	},
	'a compressed extent that is too long': {
		items: () => firstExtent('zstd long'),
		change: (data) => data.setBigUint64(8, 0x21000n, true),
		path: '/zstd long',
		expected: /^error structure-damaged Btrfs file extent, length .* at most 131072, found 135168/,
	},
	'a compressed extent that takes too much': {
		items: () => firstExtent('lzo long'),
		change: (data) => data.setBigUint64(place + 8, 0x21000n, true),
		path: '/lzo long',
		expected: /^error structure-damaged Btrfs file extent, stored length .* at most 131072, found 135168/,
	},
	'a compressed extent with less than it says': {
		items: () => firstExtent('lzo short'),
		change: (data) => data.setBigUint64(8, 0x4000n, true),
		path: '/lzo short',
		expected: /^error structure-damaged Btrfs extent of compression type 2, length .* 16384, found 1500/,
	},
	'an inline extent of another length': {
		items: () => extents('inline'),
		change: (data) => data.setBigUint64(8, 12n, true),
		path: '/inline',
		expected: /^error structure-damaged Btrfs file extent, length .* expected 11, found 12/,
	},
	'an extent that is not aligned': {
		items: () => firstExtent('plain'),
		change: (data) => data.setBigUint64(place, data.getBigUint64(place, true) + 8n, true),
		path: '/plain',
		expected: /^error structure-damaged Btrfs file extent, place .* multiples of 4096/,
	},
	'an extent outside of all chunks': {
		items: () => firstExtent('plain'),
		change: (data) => data.setBigUint64(place, 1n << 40n, true),
		path: '/plain',
		expected: /^error structure-damaged Btrfs/,
	},
	'a part that is longer than its extent': {
		items: () => firstExtent('plain'),
		change: (data) => data.setBigUint64(place + 24, 0x100000n, true),
		path: '/plain',
		expected: /^error structure-damaged Btrfs file extent, part/,
	},
	'extents over each other': {
		items: () => firstExtent('clone'),
		change: (data) => data.setBigUint64(place + 24, data.getBigUint64(place + 24, true) + 0xb000n, true),
		path: '/clone',
		expected: /^error structure-damaged Btrfs file extent, start/,
	},
	'a hole in the place of an extent': {
		items: () => extents('plain'),
		change: (data) => data.setBigUint64(place, 0n, true),
		path: '/plain',
		expected: new RegExp(`^200000 ${createHash('sha256').update(new Uint8Array(200_000)).digest('hex')}`),
	},
	'a wrong checksum of data': {
		items: checksums,
		change: spoilChecksums,
		path: '/plain',
		expected: /^error structure-damaged Btrfs data, checksum of a sector at byte \d+: expected 07000000, found/,
	},
	'no checksum of data': {
		items: checksums,
		change: (_, { key }) => key.setBigUint64(9, key.getBigUint64(9, true) + (1n << 30n), true),
		path: '/plain',
		expected: /^error structure-damaged Btrfs checksum of data .* found none/,
	},
	'wrong checksums of a file that has none': {
		items: () => [...inodes('plain'), ...checksums()],
		change: (data, { type }) => {
			if (type === on.keyType.inodeItem) data.setBigUint64(0x40, 1n, true);
			else spoilChecksums(data);
		},
		path: '/plain',
		expected: 'unchanged',
	},
	'an entry of another type': {
		items: () => entriesOf('inline'),
		change: (data) => data.setUint8(0x1d, 7),
		path: '/inline',
		expected: /^error Btrfs folder entry, type .* that of its inode \(1\), found 7/,
	},
	'an entry whose length is wrong': {
		items: () => entriesOf('inline'),
		change: (data) => data.setUint16(0x1b, 7, true),
		path: '',
		expected: /^error structure-damaged Btrfs folder entry, length/,
	},
	'an entry with a name that is none': {
		items: () => entriesOf('inline'),
		change: (data) => data.setUint8(0x1e + 2, 0x2f),
		path: '/in\\x2fine',
		expected: /^error Btrfs folder entry, name/,
	},
	'an entry without an inode': {
		items: () => entriesOf('inline'),
		change: (data) => data.setBigUint64(0, 99_999n, true),
		path: '/inline',
		expected: /^error Btrfs tree 5 .* expected inode 99999, found none/,
	},
	'an entry that leads to something else': {
		items: () => entriesOf('inline'),
		change: (data) => data.setUint8(8, 108),
		path: '/inline',
		expected: /^error Btrfs folder entry, place/,
	},
	'a folder in itself': {
		items: () => entriesOf('innermost'),
		change: (data) => data.setBigUint64(0, BigInt(idOf('outer')), true),
		path: '/outer/inner/innermost',
		expected: /^error Btrfs folder \d+, place/,
	},
	'the top folder in itself': {
		items: () => entriesOf('innermost'),
		change: (data) => data.setBigUint64(0, 256n, true),
		path: '/outer/inner/innermost',
		expected: /^error Btrfs folder 256, place/,
	},
	'a folder in two places': {
		items: () => entriesOf('inline'),
		change: (data) => {
			data.setBigUint64(0, BigInt(idOf('outer')), true);
			data.setUint8(0x1d, 2);
		},
		path: '/inline',
		expected: /^error Btrfs folder \d+, place .* found another name/,
	},
	'two entries that lead to one folder by the same name': {
		items: () => entriesOf('other'),
		change: (data) => {
			data.setBigUint64(0, BigInt(idOf('inner')), true);
			data.setUint8(0x1d, 2);
			for (const [i, letter] of Buffer.from('inner').entries()) data.setUint8(0x1e + i, letter);
		},
		path: '/outer/inner',
		expected: /^error Btrfs folder \d+, place .* found another name/,
	},
	'a subvolume of another place': {
		items: () => image.items(rootTree, on.keyType.rootBackReference),
		change: (data) => data.setBigUint64(0, 257n, true),
		path: '/sub/below/file',
		expected: 'gone',
	},
	'an inode of no type': {
		items: () => inodes('inline'),
		change: (data) => data.setUint32(0x34, 0o644, true),
		path: '/inline',
		expected: /^error Btrfs inode \d+, mode .* found 644/,
	},
	'a link that is too long': {
		items: () => inodes('link'),
		change: (data) => data.setBigUint64(0x10, 1n << 40n, true),
		path: '/link',
		expected: /^error structure-damaged Btrfs link \d+, length/,
	},
	'a file of petabytes': {
		items: () => inodes('inline'),
		change: (data) => data.setBigUint64(0x10, 1n << 52n, true),
		path: '/inline',
		expected: /^4503599627370496 /,
	},
	'no tree of files': {
		items: () => image.items(rootTree, on.keyType.rootItem).filter(({ id }) => id === fileTree),
		change: (_, { key }) => key.setUint8(8, on.keyType.rootItem + 1),
		path: '',
		expected: /^error structure-damaged Btrfs root tree .* a tree of files/,
	},
	'no tree of checksums': {
		items: () => image.items(rootTree, on.keyType.rootItem).filter(({ id }) => id === checksumTree),
		change: (_, { key }) => key.setUint8(8, on.keyType.rootItem + 1),
		path: '',
		expected: /^error structure-damaged Btrfs root tree .* a tree of checksums/,
	},
};

test.each(Object.entries(edits))('%s', async (_, { items, change, path, expected }) => {
	try {
		const changed = items();
		expect(changed.length).toBeGreaterThan(0);
		for (const item of changed) {
			image.save(item.node);
			change(item.data, item);
			image.seal(item.node);
		}
		const found = await walkAll(image);
		if (expected === 'gone') expect([...found.keys()]).not.toContain(path);
		else if (expected === 'unchanged') expect(found.get(path)).toBe(pristine.get(path));
		else expect(found.get(path)).toMatch(expected);
	} finally {
		image.restore();
	}
	expect(await walkAll(image)).toEqual(pristine);
});

test('a subvolume that lies elsewhere is an empty folder', async () => {
	expect([...pristine.keys()].filter((path) => path.startsWith('/sub'))).toEqual([
		'/sub',
		'/sub/below',
		'/sub/below/file',
	]);
	expect([...pristine.keys()].filter((path) => path.startsWith('/snapshot/sub'))).toEqual(['/snapshot/sub']);
});

test('a time that no date has is none', async () => {
	const [inode] = inodes('inline');
	try {
		image.save(inode!.node);
		inode!.data.setBigInt64(0x88, 1n << 60n, true);
		image.seal(inode!.node);
		const nodes = await (await image.open()).root.list();
		expect(nodes.find(({ name }) => name === 'inline')!.modified).toBeUndefined();
	} finally {
		image.restore();
	}
});
