import { describe, expect, it } from 'vitest';
import type { MemoryBytes } from '../../../../src/base/bytes.ts';
import { readBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import type { TreeNode } from '../../../../src/disk/files.ts';
import { openVolumes } from '../../../../src/disk/lvm/files.ts';
import { readGroup } from '../../../../src/disk/lvm/group.ts';
import { openVolume } from '../../../../src/disk/lvm/volumes.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { decompressors } from '../../../support/walk-tree.ts';
import { extent, extents, extentsStart, groupText, mebibyte, physicalVolume, striped, volumeText } from './sample.ts';

const random = () => randomNumbers(1).fill(new Uint8Array(extents * extent));

/** A sample with random bytes in its extents. */
function filled(volumes: string): MemoryBytes {
	const volume = physicalVolume(groupText(volumes));
	volume.bytes.set(random(), extentsStart);
	return volume;
}

async function sourceOf(volume: ByteSource): Promise<ByteSource | string> {
	const group = await readGroup(volume);
	return openVolume(volume, group, 'one', group.volumes.get('one')!);
}

async function nodes(volume: ByteSource): Promise<readonly TreeNode[]> {
	return (await openVolumes(volume, { decompressors })).root.list();
}

/** What a node is, and why. */
function said(node: TreeNode): string {
	if (node.kind === 'special') return `${node.name}: ${node.what}`;
	return node.kind === 'damaged' ? `${node.name}: damaged, ${node.reason}` : `${node.name}: ${node.kind}`;
}

/** The extents of the sample in this order, each of which may be cut into parts. */
function pieces(order: readonly (readonly [extentNumber: number, from: number, to: number])[]): Uint8Array {
	const bytes = random();
	return Buffer.concat(order.map(([n, from, to]) => bytes.subarray(n * extent + from, n * extent + to)));
}

describe('a logical volume', () => {
	it('is what its segments have, one after the other', async () => {
		const stripes = striped(5, 4, '"pv0", 100, "pv0", 30', 'stripe_count = 2\nstripe_size = 4');
		const volume = filled(
			volumeText('one', [striped(0, 2, '"pv0", 7'), striped(2, 3, '"pv0", 0'), stripes, striped(9, 1, '"pv0", 199')]),
		);
		const source = await sourceOf(volume);
		if (typeof source === 'string') return expect.fail(source);
		const whole = [7, 8, 0, 1, 2].map((n) => [n, 0, extent] as const);
		const halves = [100, 101].flatMap((n) => [
			[n, 0, 2048] as const,
			[n - 70, 0, 2048] as const,
			[n, 2048, 4096] as const,
			[n - 70, 2048, 4096] as const,
		]);
		const expected = pieces([...whole, ...halves, [199, 0, extent]]);
		expect(source.size).toBe(10 * extent);
		expect(Buffer.compare(await readBytes(source, 0, source.size), expected)).toBe(0);
		for (const length of [1, 511, 2048, 4097, 9000]) {
			for (let at = 0; at + length <= source.size; at += 1021) {
				const found = await readBytes(source, at, length);
				expect(Buffer.compare(found, expected.subarray(at, at + length)), `${length} at ${at}`).toBe(0);
			}
		}
		await expect(source.read(source.size - 1, new Uint8Array(2))).rejects.toMatchObject({ code: 'read-error' });
	});

	it.each([
		[
			'volume of LVM on several physical volumes',
			[striped(0, 2, '"pv0", 0, "pv1", 0', 'stripe_count = 2\nstripe_size = 8')],
		],
		['volume of LVM on several physical volumes', [striped(0, 2, '"pv0", 0'), striped(2, 2, '"pv1", 0')]],
		['volume of LVM on another physical volume', [striped(0, 2, '"pv1", 0'), striped(2, 2, '"pv1", 4')]],
		['volume of LVM made of other volumes', [striped(0, 2, '"pvmove0", 0')]],
		['thin pool of LVM', ['type = "thin-pool"']],
		['thin volume of LVM', ['type = "thin"']],
		['RAID of LVM', ['type = "raid5_ls"']],
		['mirror of LVM', ['type = "mirror"']],
		['cached volume of LVM', ['type = "cache"']],
		['volume of LVM of the type error', ['type = "error"']],
	])('is refused in words: %s', async (what, segments) => {
		expect((await nodes(filled(volumeText('one', segments)))).map(said)).toEqual([`one: ${what}`]);
	});

	it.each([
		['segment1, start_extent: expected a whole number from 0 to 0, found 1', [striped(1, 2, '"pv0", 0')]],
		[
			'segment2, start_extent: expected a whole number from 2 to 2',
			[striped(0, 2, '"pv0", 0'), striped(1, 1, '"pv0", 9')],
		],
		['segment1, extent_count', [striped(0, 0, '"pv0", 0')]],
		['expected extents from 0 to 200, found 199 to 201', [striped(0, 2, '"pv0", 199')]],
		['expected extents from 0 to 200, found -1 to 1', [striped(0, 2, '"pv0", -1')]],
		['expected a name and a whole number', [striped(0, 2, '"pv0", 18446744073709551615')]],
		['expected a name and a whole number', [striped(0, 2, '0, 0')]],
		['stripe_count: expected a whole number from 1 to 1, found 2', [striped(0, 2, '"pv0", 0', 'stripe_count = 2')]],
		['expected a multiple of 2 extents', [striped(0, 3, '"pv0", 0, "pv0", 9', 'stripe_count = 2\nstripe_size = 8')]],
		['stripe_size', [striped(0, 2, '"pv0", 0, "pv0", 9', 'stripe_count = 2\nstripe_size = 9')]],
		[
			'expected stripes that divide 4096 bytes',
			[striped(0, 2, '"pv0", 0, "pv0", 9', 'stripe_count = 2\nstripe_size = 3')],
		],
		['segment_count', []],
		['expected at most 1048576 bytes', [0, 1, 2].map((i) => striped(100 * i, 100, '"pv0", 0'))],
	])('is damaged, and the others are not: %s', async (reason, segments) => {
		const other = volumeText('other', ['type = "thin"']);
		const found = (await nodes(filled(volumeText('one', segments) + other))).map(said);
		expect(found).toEqual([expect.stringContaining(reason), 'other: thin volume of LVM']);
		expect(found[0]).toMatch(/^one: damaged, /);
	});

	it('does not leave the partition, whatever the metadata say', async () => {
		const text = groupText(volumeText('one', [striped(0, 2, '"pv0", 300')]), 1, { extents: '4294967295' });
		const [node] = await nodes(physicalVolume(text));
		expect(said(node!)).toContain(`expected to end by byte ${mebibyte}`);
		const far = groupText(volumeText('one', [striped(0, 1, '"pv0", 4294967293')]), 1, { extents: '4294967295' });
		const [none] = await nodes(physicalVolume(far.replace('extent_size = 8', 'extent_size = 4294967295')));
		expect(said(none!)).toContain(`expected to end by byte ${mebibyte}`);
	});

	it('is left out where it is part of another, and is told to be a snapshot', async () => {
		const snapshot = 'type = "snapshot"\norigin = "root"';
		const volumes = [
			volumeText('root', [striped(0, 2, '"pv0", 0')]),
			volumeText('cow', [striped(0, 2, '"pv0", 2')]),
			volumeText('hidden', [striped(0, 2, '"pv0", 4')], '"READ", "WRITE"'),
		];
		const kept = volumeText('snapshot0', [`${snapshot}\ncow_store = "cow"`], '"READ"');
		const contents = 'volume of unknown contents';
		expect((await nodes(filled([...volumes, kept].join('')))).map(said)).toEqual([
			`root: ${contents}`,
			'cow: snapshot of LVM',
		]);
		const merging = volumeText('snapshot0', [`${snapshot}\nmerging_store = "cow"`], '"READ"');
		expect((await nodes(filled([...volumes, merging].join('')))).map(said)).toEqual([
			'root: volume of LVM that is being set back to a snapshot',
			'cow: snapshot of LVM',
		]);
	});

	it('that cannot be read leaves the others alone, and an order to stop is none of its damages', async () => {
		const volume = filled(
			volumeText('one', [striped(0, 2, '"pv0", 0')]) + volumeText('two', [striped(0, 2, '"pv0", 100')]),
		);
		const broken = (code: 'read-error' | 'file-missing'): ByteSource => ({
			size: volume.size,
			async read(offset, target) {
				if (offset >= extentsStart && offset < extentsStart + extent) throw new AfterimageError(code, 'broken');
				await volume.read(offset, target);
			},
		});
		expect((await nodes(broken('read-error'))).map(said)).toEqual([
			'one: damaged, broken',
			'two: volume of unknown contents',
		]);
		await expect(nodes(broken('file-missing'))).rejects.toMatchObject({ code: 'file-missing' });
		const { root } = await openVolumes(volume, { decompressors });
		await expect(root.list(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('may be encrypted', async () => {
		const volume = filled(volumeText('one', [striped(0, 2, '"pv0", 5')]));
		volume.bytes.set(Buffer.from('LUKS\xba\xbe\0\x02', 'latin1'), extentsStart + 5 * extent);
		expect((await nodes(volume)).map(said)).toEqual(['one: volume encrypted by LUKS2']);
	});

	it('leads to damage or to bytes of the partition, whatever is changed in the metadata', async () => {
		const one = volumeText('one', [striped(0, 2, '"pv0", 7'), striped(2, 3, '"pv0", 0')]);
		const stripes = striped(0, 4, '"pv0", 100, "pv0", 30', 'stripe_count = 2\nstripe_size = 4');
		const text = groupText(one + volumeText('two', [stripes]));
		const numbers = randomNumbers(5);
		const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
		let opened = 0;
		let refused = 0;
		for (let round = 0; round < 500; round++) {
			const changed = Buffer.from(text);
			for (let changes = 1 + numbers.below(3); changes > 0; changes--) {
				const anywhere = numbers.below(4) === 0;
				const at = anywhere ? numbers.below(text.length) : digits[numbers.below(digits.length)]!;
				changed[at] = anywhere ? 32 + numbers.below(95) : 48 + numbers.below(10);
			}
			const volume = physicalVolume(changed.toString());
			try {
				const group = await readGroup(volume);
				for (const [name, section] of group.volumes) {
					const source = openVolume(volume, group, name, section);
					if (typeof source === 'string') continue;
					await readBytes(source, 0, source.size);
					opened++;
				}
			} catch (error) {
				if (!(error instanceof AfterimageError) || error.code !== 'structure-damaged') throw error;
				refused++;
			}
		}
		expect(opened).toBeGreaterThan(100);
		expect(refused).toBeGreaterThan(100);
	});

	it('is none in a group without any', async () => {
		expect(await nodes(physicalVolume(groupText('')))).toEqual([]);
	});
});
