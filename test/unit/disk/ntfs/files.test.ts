import { describe, expect, it } from 'vitest';
import { MemoryBytes, readBytes } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import type { TreeNode } from '../../../../src/disk/files.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { decompressors, walkTree } from '../../../support/walk-tree.ts';
import {
	fileName,
	indexNode,
	indexRoot,
	nonResident,
	reference,
	resident,
	type RecordShape,
} from './sample-records.ts';
import { linkData, reparsePoint, reparseTag } from './sample-reparse.ts';
import { place, sampleVolume, type SampleFile, type SampleVolume } from './sample-volume.ts';

async function openTree(sample: SampleVolume) {
	const fileSystem = (await ntfsDriver.open(new MemoryBytes(sample.image), {}))!;
	return fileSystem.openFiles!({ decompressors });
}

async function rootOf(sample: SampleVolume): Promise<readonly TreeNode[]> {
	return (await openTree(sample)).root.list();
}

/** What is wrong with the one node, or with opening it. */
async function objection(sample: SampleVolume): Promise<string> {
	const [node] = await rootOf(sample);
	if (node?.kind === 'damaged') return node.reason;
	if (node?.kind !== 'file' && node?.kind !== 'link') throw new Error(`a ${node?.kind}`);
	const opened = node.kind === 'file' ? node.open() : node.target();
	const error = await opened.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error === undefined) return 'none';
	if (!isAfterimageError(error)) throw error as Error;
	return `${error.code}: ${error.message}`;
}

async function contents(node: TreeNode | undefined): Promise<string> {
	if (node?.kind !== 'file') throw new Error(`not a file: ${JSON.stringify(node)}`);
	const source = await node.open();
	expect(source.size).toBe(node.size);
	return Buffer.from(await readBytes(source, 0, source.size)).toString('latin1');
}

const file = (name: string, shape: RecordShape, record = 24): SampleFile => ({ record, name, runs: [], shape });
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const data = (text: string) => resident(0x80, bytes(text));
/** Directory in the root, or in another one. */
const directory = (name: string, entries: Parameters<typeof indexNode>[0], parent = reference(5)): RecordShape => ({
	directory: true,
	attributes: [
		resident(0x30, fileName(name, parent)),
		resident(0x90, indexRoot(indexNode(entries, undefined), 4096), '$I30'),
	],
});
const withPoint = (tag: number, pointData: Uint8Array, ...more: Uint8Array[]): RecordShape => ({
	attributes: [...more, resident(0xc0, reparsePoint(tag, pointData))],
});

function information(modified: bigint, attributes = 0): Uint8Array {
	const value = new Uint8Array(0x30);
	const view = new DataView(value.buffer);
	view.setBigUint64(8, modified, true);
	view.setUint32(0x20, attributes, true);
	return resident(0x10, value);
}

describe('entries of a folder', () => {
	it('leaves out the file system’s own files in the root, and names for DOS', async () => {
		const sample = sampleVolume({
			files: [
				file('$MFT', { attributes: [] }, 16),
				file('kept', { attributes: [data('x')] }, 24),
				{ ...file('KEPT~1', { attributes: [] }, 25), namespace: 2 },
				{ ...file('posix', { attributes: [] }, 26), namespace: 0 },
				{ ...file('both', { attributes: [] }, 27), namespace: 3 },
			],
		});
		expect((await rootOf(sample)).map(({ name }) => name)).toEqual(['kept', 'posix', 'both']);
	});

	it('lists what has the record numbers of system files in another folder', async () => {
		const inside = [{ name: 'inside', file: reference(20), parent: reference(24) }];
		const sample = sampleVolume({
			files: [file('folder', directory('folder', inside), 24), { ...file('x', { attributes: [] }, 20), namespace: 2 }],
		});
		const [folder] = await rootOf(sample);
		expect(folder?.kind === 'folder' && (await folder.list()).map(({ name }) => name)).toEqual(['inside']);
	});

	it.each([
		[0n, -11_644_473_600_000],
		[116_444_736_000_000_000n, 0],
		[116_444_735_999_999_999n, -1],
		[116_444_736_000_019_999n, 1],
		[133_801_632_001_234_567n, 1_735_689_600_123],
		[0x7fff_ffff_ffff_ffffn, 910_692_730_085_477],
		[0xffff_ffff_ffff_ffffn, -11_644_473_600_001],
	])('has the time %i as %i ms', async (stored, expected) => {
		const [node] = await rootOf(sampleVolume({ files: [file('a', { attributes: [information(stored)] })] }));
		expect(node).toMatchObject({ kind: 'file', size: 0, modified: expected, mode: undefined });
	});

	it.each([
		['a\ud83d', 'a\\x3d\\xd8'],
		['\udd11\ud83d\udd11b', '\\x11\\xdd\u{1f511}b'],
	])('shows surrogates without their other half as bytes: %j', async (stored, shown) => {
		const [node] = await rootOf(sampleVolume({ files: [file(stored, { attributes: [] })] }));
		expect(node).toMatchObject({ kind: 'file', name: shown });
	});

	it.each([
		['', '(no name)'],
		['.', '\\x2e'],
		['..', '\\x2e\\x2e'],
		['a/b', 'a\\x2fb'],
		['a\0', 'a\\x00'],
	])('calls the name %j damage', async (stored, shown) => {
		const [node] = await rootOf(sampleVolume({ files: [file(stored, { attributes: [] })] }));
		expect(node).toMatchObject({ kind: 'damaged', name: shown });
	});

	it.each<[string, SampleFile, (sample: SampleVolume) => void, string]>([
		[
			'a record used again',
			file('a', { attributes: [] }),
			(s) => s.edit(24, (r) => r.setUint16(0x10, 25, true)),
			'sequence',
		],
		['a free record', file('a', { attributes: [], inUse: false }), () => undefined, 'in use'],
		['a torn record', file('a', { attributes: [] }), (s) => (s.image[s.recordAt(24) + 510]! ^= 1), 'torn write'],
		['an extent record', file('a', { attributes: [], base: reference(25) }), () => undefined, 'base record'],
		[
			'a size that the clusters do not hold',
			file('a', {
				attributes: [nonResident(0x80, { runs: [{ lcn: 3000, length: 2 }], clusterSize: 512, dataSize: 1025 })],
			}),
			() => undefined,
			'data size',
		],
		['two streams in one', file('a', { attributes: [data('a'), data('b')] }), () => undefined, 'one resident'],
	])('tells of %s', async (_, entry, change, what) => {
		const sample = sampleVolume({ files: [entry] });
		change(sample);
		expect(await objection(sample)).toContain(what);
	});

	it('goes on beside what is damaged', async () => {
		const sample = sampleVolume({
			files: [file('gone', { attributes: [], inUse: false }, 24), file('here', { attributes: [data('x')] }, 25)],
		});
		expect((await rootOf(sample)).map(({ kind, name }) => [name, kind])).toEqual([
			['gone', 'damaged'],
			['here', 'file'],
		]);
	});

	it('never walks in a circle', async () => {
		const circle = sampleVolume({
			files: [
				file('a', directory('a', [{ name: 'b', file: reference(25), parent: reference(24) }]), 24),
				{ ...file('b', directory('b', [{ name: 'a', file: reference(24) }], reference(24)), 25), namespace: 2 },
			],
		});
		const found: string[] = [];
		await walkTree(await openTree(circle), (path, node) => void found.push(`${path} ${node.kind}`));
		expect(found).toEqual(['a folder', 'a/b folder', 'a/b/a damaged']);
		const root = sampleVolume({
			files: [file('a', directory('a', [{ name: 'root', file: reference(5) }]), 24)],
		});
		const again: string[] = [];
		await walkTree(await openTree(root), (path, node) => void again.push(`${path} ${node.kind}`));
		expect(again).toEqual(['a folder', 'a/root damaged']);
	});

	it('shows a folder once that is listed under two names', async () => {
		const inner = { name: 'inner', file: reference(25), parent: reference(24) };
		const twice = [inner, { ...inner, name: 'inner again' }];
		const sample = sampleVolume({
			files: [
				file('outer', directory('outer', twice), 24),
				{ ...file('inner', directory('inner', [], reference(24)), 25), namespace: 2 },
			],
		});
		const [outer] = await rootOf(sample);
		const nodes = outer?.kind === 'folder' ? await outer.list() : [];
		expect(nodes.map(({ kind }) => kind)).toEqual(['folder', 'damaged']);
	});

	it('refuses a folder with a node below that its bitmap has free', async () => {
		const sample = sampleVolume({ files: [file('a', { attributes: [] })], below: ['a'] });
		expect((await rootOf(sample)).map(({ name }) => name)).toEqual(['a']);
		const tree = await openTree(sample);
		sample.edit(5, (record) => {
			for (let at = 0; at < 1000; at++)
				if (record.getUint32(at, true) === 0xb0 && record.getUint8(at + 9) === 4) record.setUint8(at + 0x20, 0);
		});
		const freed = await openTree(sample);
		await expect(freed.root.list()).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(freed.root.list()).rejects.toThrow('which is free');
		expect(await tree.root.list()).toHaveLength(1);
	});

	it('stops when it is told to', async () => {
		const { root } = await openTree(sampleVolume({ files: [file('a', { attributes: [] })] }));
		await expect(root.list(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
	});
});

describe('bytes of a file', () => {
	const clusterSize = 512;

	it('are zeros where nothing was written, and never what the clusters held', async () => {
		const runs = [
			{ lcn: place.files, length: 1 },
			{ lcn: undefined, length: 1 },
			{ lcn: place.files + 1, length: 2 },
		];
		const stream = nonResident(0x80, { runs, clusterSize, dataSize: 2000, initializedSize: 1100, flags: 0x8000 });
		const sample = sampleVolume({ files: [file('a', { attributes: [stream] })] });
		sample.image.fill(0x41, place.files * 512, (place.files + 3) * 512);
		const [node] = await rootOf(sample);
		const held = 'A'.repeat(512) + '\0'.repeat(512) + 'A'.repeat(76) + '\0'.repeat(900);
		expect((await contents(node)) === held).toBe(true);
	});

	/** Units of 16 clusters: one as it is, a hole, one that two clusters hold, another as it is. */
	function compressed(more: object = {}): SampleFile {
		const runs = [
			{ lcn: place.files, length: 16 },
			{ lcn: undefined, length: 16 },
			{ lcn: place.files + 16, length: 2 },
			{ lcn: undefined, length: 14 },
			{ lcn: place.files + 18, length: 16 },
		];
		const stream = nonResident(0x80, { runs, clusterSize, flags: 1, dataSize: 32_000, ...more });
		stream[0x22] = 4;
		return file('a', { attributes: [stream] });
	}

	function fill(sample: SampleVolume): void {
		sample.image.fill(0x41, place.files * 512, (place.files + 16) * 512);
		// Two chunks: a byte and a match of 4095 bytes each.
		sample.image.set(Buffer.from('03b00278fc0f03b00279fc0f0000', 'hex'), (place.files + 16) * 512);
		sample.image.fill(0x42, (place.files + 18) * 512, (place.files + 34) * 512);
	}

	const all = 'A'.repeat(8192) + '\0'.repeat(8192) + 'x'.repeat(4096) + 'y'.repeat(4096) + 'B'.repeat(32_000 - 24_576);

	it('are decompressed, unit by unit', async () => {
		const sample = sampleVolume({ files: [compressed()] });
		fill(sample);
		const [node] = await rootOf(sample);
		expect((await contents(node)) === all).toBe(true);
		if (node?.kind !== 'file') return expect.unreachable();
		const source = await node.open();
		const piece = async (at: number) =>
			Buffer.from(await readBytes(source, at, 700)).toString() === all.slice(at, at + 700);
		// One after the other over what was there before, from the unit kept and from others.
		for (const at of [20_300, 100, 20_400, 9000, 31_300]) {
			const target = new Uint8Array(700).fill(0xee);
			await source.read(at, target);
			expect(Buffer.from(target).toString() === all.slice(at, at + 700), `${at}`).toBe(true);
		}
		expect(await Promise.all([7900, 16_300, 20_300, 24_000, 0, 20_300].map(piece))).toEqual(Array(6).fill(true));
	});

	it('end at the initialized size when they are compressed', async () => {
		const sample = sampleVolume({ files: [compressed({ initializedSize: 20_500 })] });
		fill(sample);
		const [node] = await rootOf(sample);
		if (node?.kind !== 'file') return expect.unreachable();
		const target = new Uint8Array(32_000).fill(0xee);
		await (await node.open()).read(0, target);
		expect(Buffer.from(target).toString() === all.slice(0, 20_500) + '\0'.repeat(11_500)).toBe(true);
	});

	it.each<[string, SampleFile, string]>([
		[
			'a way of compressing that there is not',
			compressed({ flags: 2 }),
			'structure-damaged: Stream, way of compressing',
		],
		['what EFS encrypts', compressed({ flags: 0x4000 }), 'not-supported: The file is encrypted by Windows (EFS)'],
		[
			'what EFS encrypts in a record',
			file('a', { attributes: [resident(0x80, bytes('x')).fill(0x40, 13, 14)] }),
			'not-supported',
		],
		[
			'deduplicated',
			file('a', withPoint(reparseTag.deduplicated, new Uint8Array(8))),
			'not-supported: The file is deduplicated',
		],
		[
			'WOF without its stream',
			file('a', withPoint(reparseTag.wof, new Uint8Array(Uint32Array.of(1, 2, 1, 1).buffer), data('xy'))),
			'structure-damaged: Compressed chunks',
		],
	])('are refused: %s', async (_, entry, what) => {
		expect(await objection(sampleVolume({ files: [entry] }))).toContain(what);
	});

	it('are refused when a unit has clusters behind a hole, or another length', async () => {
		const runs = [
			{ lcn: undefined, length: 1 },
			{ lcn: place.files, length: 15 },
		];
		const stream = nonResident(0x80, { runs, clusterSize, flags: 1 });
		const shape = { attributes: [stream] };
		expect(await objection(sampleVolume({ files: [file('a', shape)] }))).toContain('Compressed stream, unit');
		stream[0x22] = 4;
		const [node] = await rootOf(sampleVolume({ files: [file('a', shape)] }));
		await expect(contents(node)).rejects.toThrow('clusters before the hole');
	});

	it.each<[string, readonly Uint8Array[], string]>([
		['a hole', [nonResident(0x80, { runs: [{ lcn: undefined, length: 4 }], clusterSize })], 'in the cloud'],
		['zeros in the record', [data('\0\0\0')], 'in the cloud'],
		[
			'half fetched',
			[nonResident(0x80, { runs: [{ lcn: 3000, length: 4 }], clusterSize, initializedSize: 5 })],
			'in the cloud',
		],
		['here', [nonResident(0x80, { runs: [{ lcn: 3000, length: 4 }], clusterSize })], 'none'],
		['here in the record', [data('abc')], 'none'],
		['empty', [], 'none'],
	])('of a cloud file are told to be there or not: %s', async (_, attributes, what) => {
		const entry = file('a', withPoint(reparseTag.cloud, new Uint8Array(4), ...attributes));
		expect(await objection(sampleVolume({ files: [entry] }))).toContain(what);
	});

	it('are those of any file where nobody knows the tag', async () => {
		const entry = file('a', withPoint(0x8000_7777, new Uint8Array(4), data('as it is')));
		expect(await contents((await rootOf(sampleVolume({ files: [entry] })))[0])).toBe('as it is');
	});
});

describe('links', () => {
	const target = async (tag: number, pointData: Uint8Array, more: Partial<RecordShape> = {}) => {
		const [node] = await rootOf(sampleVolume({ files: [file('a', { ...withPoint(tag, pointData), ...more })] }));
		return node?.kind === 'link' ? node.target() : node;
	};

	it.each([
		['\\??\\C:\\a', 'C:\\b', 'C:\\a'],
		['\\??\\UNC\\server\\share', '', '\\\\server\\share'],
		['\\??\\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\', '', 'Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\'],
		['..\\a', '', '..\\a'],
		['', 'shown', 'shown'],
	])('point to %j or else %j', async (substitute, print, expected) => {
		expect(await target(reparseTag.symbolicLink, linkData(substitute, print, 0))).toBe(expected);
		expect(await target(reparseTag.mountPoint, linkData(substitute, print), { directory: true })).toBe(expected);
	});

	it('are damaged when their paths leave them', async () => {
		const cut = linkData('\\??\\C:\\a', 'C:\\a').subarray(0, -4);
		await expect(target(reparseTag.mountPoint, cut)).rejects.toThrow('Link, path');
		await expect(target(reparseTag.mountPoint, new Uint8Array(7))).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(target(reparseTag.linuxLink, bytes('\x01\0\0\0abc'))).rejects.toThrow('version');
		expect(await target(reparseTag.linuxLink, bytes('\x02\0\0\0abc'))).toBe('abc');
	});

	it('need a reparse point that is whole', async () => {
		const point = reparsePoint(reparseTag.mountPoint, linkData('a', 'b'));
		const short = sampleVolume({ files: [file('a', { attributes: [resident(0xc0, point.subarray(0, -1))] })] });
		expect(await objection(short)).toContain('Reparse point, data');
		const runs = [{ lcn: 3000, length: 33 }];
		const long = nonResident(0xc0, { runs, clusterSize: 512 });
		expect(await objection(sampleVolume({ files: [file('a', { attributes: [long] })] }))).toContain(
			'Reparse point, size',
		);
	});

	it('of Interix are system files alone', async () => {
		const link = Buffer.concat([Buffer.from('IntxLNK\x01'), Buffer.from('a/ü', 'utf16le')]).toString('latin1');
		const kinds = async (attributes: number, text: string) => {
			const shape = { attributes: [information(0n, attributes), data(text)] };
			return (await rootOf(sampleVolume({ files: [file('a', shape)] })))[0];
		};
		const system = await kinds(4, link);
		expect(system?.kind === 'link' && (await system.target())).toBe('a/ü');
		expect(await kinds(0, link)).toMatchObject({ kind: 'file', size: 14 });
		expect(await kinds(4, 'IntxLNK\x02a\0')).toMatchObject({ kind: 'file' });
		expect(await kinds(4, `IntxBLK\0${'\0'.repeat(16)}`)).toMatchObject({ kind: 'special', what: 'block device' });
		expect(await kinds(4, `IntxBLK\0${'\0'.repeat(15)}`)).toMatchObject({ kind: 'file' });
	});
});
