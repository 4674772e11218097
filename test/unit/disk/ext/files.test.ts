import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import type { FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { decompressors } from '../../../support/walk-tree.ts';
import { makeVolume, type MadeVolume, type VolumeOptions } from './make-volume.ts';
import { failure, inodeBytes, type InodeOptions } from './small-files.ts';

const text = new TextEncoder();

/** Puts folders and files into a made volume of 32 inodes a group, whose blocks 150 to 255 are free. */
class Builder {
	readonly made: MadeVolume;

	constructor(options: VolumeOptions = {}) {
		this.made = makeVolume({ checksums: 'none', ...options });
	}

	async inode(number: number, options: InodeOptions & { block?: number; content?: Uint8Array }): Promise<void> {
		const { volume, descriptors } = this.made;
		const group = Math.floor((number - 1) / 32);
		const descriptor = await readBytes(volume, descriptors + group * 64, 64);
		const table = new DataView(descriptor.buffer).getUint32(8, true);
		const change = (view: DataView) => {
			if (options.block !== undefined) view.setUint32(0x28, options.block, true);
			options.content?.forEach((byte, i) => view.setUint8(0x28 + i, byte));
			options.change?.(view);
		};
		volume.write(table * 1024 + ((number - 1) % 32) * 128, inodeBytes({ ...options, length: 128, change }));
	}

	async folder(
		number: number,
		block: number,
		entries: readonly (readonly [inode: number, name: string | Uint8Array])[],
		options: InodeOptions = {},
	): Promise<void> {
		await this.inode(number, { mode: 0o40755, size: 1024, block, ...options });
		const bytes = new Uint8Array(1024);
		const view = new DataView(bytes.buffer);
		let at = 0;
		const all = [[number, '.'], [2, '..'], ...entries] as const;
		for (const [i, [inode, name]] of all.entries()) {
			const raw = typeof name === 'string' ? text.encode(name) : name;
			const length = 8 + Math.max(4, Math.ceil(raw.length / 4) * 4);
			view.setUint32(at, inode, true);
			view.setUint16(at + 4, i === all.length - 1 ? 1024 - at : length, true);
			view.setUint8(at + 6, raw.length);
			bytes.set(raw, at + 8);
			at += length;
		}
		this.made.volume.write(block * 1024, bytes);
	}

	async open(): Promise<FolderNode> {
		const fileSystem = await extDriver.open(this.made.volume, {});
		return (await fileSystem!.openFiles!({ decompressors })).root;
	}
}

const kinds = (nodes: readonly TreeNode[]) => nodes.map(({ kind, name }) => `${kind} ${name}`);

test('what an entry leads to decides what it is', async () => {
	const builder = new Builder();
	await builder.folder(2, 150, [
		[20, 'file'],
		[600, 'far'],
		[21, 'folder'],
		[22, 'link'],
		[23, 'tty'],
		[24, 'disk'],
		[25, 'pipe'],
		[26, 'socket'],
	]);
	await builder.inode(20, { size: 5, block: 160, mode: 0o104750, change: (view) => view.setUint32(0x10, 99, true) });
	await builder.inode(600, { size: 0 });
	await builder.folder(21, 151, []);
	await builder.inode(22, { mode: 0o120777, size: 4, content: text.encode('some where') });
	for (const [i, mode] of [0o20600, 0o60600, 0o10600, 0o140600].entries()) await builder.inode(23 + i, { mode });
	builder.made.volume.write(160 * 1024, text.encode('hello and more'));
	const root = await builder.open();
	const nodes = await root.list();
	expect(kinds(nodes)).toEqual([
		'file file',
		'file far',
		'folder folder',
		'link link',
		'special tty',
		'special disk',
		'special pipe',
		'special socket',
	]);
	const [file, , folder, link, ...special] = nodes;
	expect(file).toMatchObject({ size: 5, modified: 99_000, mode: 0o4750 });
	if (file?.kind !== 'file' || folder?.kind !== 'folder' || link?.kind !== 'link') throw new Error('kinds');
	const source = await file.open();
	expect(new TextDecoder().decode(await readBytes(source, 0, source.size))).toBe('hello');
	expect(await folder.list()).toEqual([]);
	expect(await link.target()).toBe('some');
	expect(special.map((node) => node.kind === 'special' && node.what)).toEqual([
		'character device',
		'block device',
		'pipe',
		'socket',
	]);
});

test('an entry that leads to damage is damaged among the others', async () => {
	const builder = new Builder();
	await builder.folder(2, 150, [
		[20, 'sound'],
		[21, 'deleted'],
		[673, 'beyond'],
		[8, 'the journal'],
		[22, 'no kind'],
		[20, 'a/b'],
		[20, Uint8Array.of(0x61, 0)],
		[20, '..'],
		[20, ''],
		[20, Uint8Array.of(0xff)],
		[23, 'huge'],
	]);
	await builder.inode(20, { size: 0 });
	await builder.inode(21, { change: (view) => view.setUint16(0x1a, 0, true) });
	await builder.inode(22, { mode: 0o070644 });
	await builder.inode(23, { size: 2 ** 50 });
	const nodes = await (await builder.open()).list();
	expect(kinds(nodes)).toEqual([
		'file sound',
		'damaged deleted',
		'damaged beyond',
		'damaged the journal',
		'damaged no kind',
		'damaged a\\x2fb',
		'damaged a\\x00',
		'damaged \\x2e\\x2e',
		'damaged (no name)',
		'file \\xff',
		'damaged huge',
	]);
	const reasons = nodes.map((node) => (node.kind === 'damaged' ? node.reason : ''));
	expect(reasons[1]).toMatch(/^ext4_inode.links of inode 21 at byte \d+: expected at least 1, found a deleted inode$/);
	expect(reasons[2]).toBe('An entry leads to inode 673: expected 11 to 672');
	expect(reasons[3]).toBe('An entry leads to inode 8: expected 11 to 672');
	expect(reasons[4]).toBe('Mode 070644 of inode 22 is of no kind of file');
	expect(reasons[5]).toBe('The name "a\\x2fb" of inode 20 is none');
});

test('a folder that lies in itself, or in two places, is damage', async () => {
	const builder = new Builder();
	await builder.folder(2, 150, [
		[20, 'a'],
		[20, 'again'],
		[2, 'root'],
	]);
	await builder.folder(20, 151, [
		[21, 'inner'],
		[21, 'inner again'],
	]);
	await builder.folder(21, 152, [[20, 'outer']]);
	const root = await builder.open();
	for (let time = 0; time < 2; time++) {
		const nodes = await root.list();
		expect(kinds(nodes)).toEqual(['folder a', 'damaged again', 'damaged root']);
		const inner = await (nodes[0] as FolderNode).list();
		expect(kinds(inner)).toEqual(['folder inner', 'damaged inner again']);
		expect(kinds(await (inner[0] as FolderNode).list())).toEqual(['damaged outer']);
	}
});

test('encrypted names of any bytes are listed, and nothing of them is read', async () => {
	const builder = new Builder();
	const flags = 0x800;
	await builder.folder(2, 150, [[20, Uint8Array.of(0x2f, 0, 0x80, 0x41)]], { flags });
	await builder.inode(20, { flags, size: 100 });
	const [node] = await (await builder.open()).list();
	expect(node).toMatchObject({ kind: 'file', name: '\\x2f\\x00\\x80A' });
	expect(await failure(() => node?.kind === 'file' && node.open())).toMatchObject({ code: 'not-supported' });
});

describe('links', () => {
	const blocks = (view: DataView) => view.setUint32(0x1c, 2, true);

	async function target(options: Parameters<Builder['inode']>[1], block?: Uint8Array): Promise<string> {
		const builder = new Builder();
		await builder.folder(2, 150, [[20, 'link']]);
		await builder.inode(20, { mode: 0o120777, ...options });
		if (block !== undefined) builder.made.volume.write(160 * 1024, block);
		const [node] = await (await builder.open()).list();
		if (node?.kind !== 'link') throw new Error('no link');
		return node.target();
	}

	test('in the inode and in a block, short ones there too', async () => {
		expect(await target({ size: 59, content: text.encode('x'.repeat(59)) })).toBe('x'.repeat(59));
		const block = text.encode(`${'y'.repeat(1023)}/`);
		expect(await target({ size: 1024, block: 160, change: blocks }, block)).toBe(`${'y'.repeat(1023)}/`);
		expect(await target({ size: 3, block: 160, change: blocks }, block)).toBe('yyy');
	});

	test.each([
		['no length', { size: 0 }, /expected 1 to 59 bytes, found 0/],
		['too long for the inode', { size: 60 }, /expected 1 to 59 bytes, found 60/],
		['too long for a block', { size: 1025, block: 160, change: blocks }, /1 to 1024 bytes, found 1025/],
		['a NUL', { size: 5, content: text.encode('ab\0cd') }, /5 bytes of text, found a NUL/],
	])('refused: %s', async (_, options, message) => {
		const error = await failure(() => target(options));
		expect(error).toMatchObject({ code: 'structure-damaged' });
		expect((error as Error).message).toMatch(message);
	});
});

describe('what does not open', () => {
	test('a root that is no folder, or gone', async () => {
		const builder = new Builder();
		expect(await failure(() => builder.open())).toMatchObject({ code: 'structure-damaged' });
		await builder.inode(2, { mode: 0o100644 });
		const error = await failure(() => builder.open());
		expect((error as Error).message).toMatch(/mode of the root folder at byte \d+: expected a folder, found file/);
	});

	test('features that may change what folders are', async () => {
		const builder = new Builder({ incompat: 0x800 });
		await builder.folder(2, 150, []);
		expect(await failure(() => builder.open())).toMatchObject({
			code: 'not-supported',
			message: 'Files of ext4 with the features incompat 0x800 are not read',
		});
		const harmless = new Builder({ roCompat: 0x80 });
		await harmless.folder(2, 150, []);
		expect(await (await harmless.open()).list()).toEqual([]);
	});

	test('a damaged group descriptor, only where it is needed', async () => {
		const spoil = (group: number, descriptor: DataView) => {
			if (group === 3) descriptor.setUint32(8, 1_000_000, true);
		};
		const builder = new Builder({ spoil, flex: 4 });
		await builder.folder(2, 150, [
			[20, 'near'],
			[97, 'far'],
		]);
		await builder.inode(20, { size: 0 });
		const nodes = await (await builder.open()).list();
		expect(kinds(nodes)).toEqual(['file near', 'damaged far']);
		expect(nodes[1]?.kind === 'damaged' && nodes[1].reason).toMatch(/inodeTable of group 3/);
	});

	test('a signal that is aborted', async () => {
		const builder = new Builder();
		await builder.folder(2, 150, [[20, 'file']]);
		await builder.inode(20, { size: 0 });
		const root = await builder.open();
		const [node] = await root.list();
		const signal = AbortSignal.abort();
		expect(await failure(() => root.list(signal))).toMatchObject({ code: 'cancelled' });
		expect(await failure(() => node?.kind === 'file' && node.open(signal))).toMatchObject({ code: 'cancelled' });
		const fileSystem = await extDriver.open(builder.made.volume, {});
		const opening = failure(() => fileSystem!.openFiles!({ decompressors, signal }));
		expect(await opening).toMatchObject({ code: 'cancelled' });
	});
});

test('a dirty volume has its files, and a journal device has none', async () => {
	const builder = new Builder({ incompat: 0x4 });
	await builder.folder(2, 150, []);
	expect((await extDriver.open(builder.made.volume, {}))?.info.dirty).toBeDefined();
	expect(await (await builder.open()).list()).toEqual([]);
	const journal = await extDriver.open(new Builder({ incompat: 0x8 }).made.volume, {});
	expect(journal?.openFiles).toBeUndefined();
});
