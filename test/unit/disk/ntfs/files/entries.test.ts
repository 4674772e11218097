import { describe, expect, it } from 'vitest';
import { walkTree } from '../../../../support/walk-tree.ts';
import { nonResident, reference } from '../sample-records.ts';
import { sampleVolume, type SampleFile, type SampleVolume } from '../sample-volume.ts';
import { data, directory, file, information, objection, openTree, rootOf } from './trees.ts';

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
