import { describe, expect, it } from 'vitest';
import type { MemoryBytes } from '../../../../src/base/bytes.ts';
import { recognisePartition } from '../../../../src/disk/recognise-partition.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import {
	areaStart,
	extent,
	extents,
	extentsStart,
	groupText,
	mebibyte,
	physicalVolume,
	striped,
	volumeText,
	writeArea,
	writeLabel,
} from './sample.ts';

const hidden = '"READ", "WRITE"';

/** A sample whose extents are noise, but for swap of 10 pages that begin at each of these extents. */
function sample(volumes: string, swapAt: readonly number[] = []): MemoryBytes {
	const volume = physicalVolume(groupText(volumes));
	volume.bytes.set(randomNumbers(1).fill(new Uint8Array(extents * extent)), extentsStart);
	for (const first of swapAt) {
		const at = extentsStart + first * extent;
		volume.bytes.fill(0, at, at + extent);
		const view = new DataView(volume.bytes.buffer, at);
		view.setUint32(1024, 1, true);
		view.setUint32(1028, 9, true);
		volume.bytes.set(Buffer.from('SWAPSPACE2'), at + extent - 10);
	}
	return volume;
}

async function look(volume: MemoryBytes, isFrozen?: (start: number, end: number) => boolean) {
	return recognisePartition(volume, isFrozen === undefined ? {} : { isFrozen });
}

/** Numbers of the extents that are in use, and whether everything outside of them is. */
async function used(volume: MemoryBytes): Promise<{ extents: number[]; outside: boolean }> {
	const { fileSystem, wholeReason } = await look(volume);
	expect(wholeReason).toBeUndefined();
	const bytes = new Uint8Array(mebibyte);
	await fileSystem!.collectUsed({ add: (start, end) => bytes.fill(1, Math.max(0, start), Math.min(mebibyte, end)) });
	const end = extentsStart + extents * extent;
	const inUse = Array.from({ length: extents }, (_, i) => i).filter((i) =>
		bytes.subarray(extentsStart + i * extent, extentsStart + (i + 1) * extent).includes(1),
	);
	const outside = !bytes.subarray(0, extentsStart).includes(0) && !bytes.subarray(end).includes(0);
	return { extents: inUse, outside };
}

describe('what a physical volume uses', () => {
	it('is what the file systems of its volumes use, wherever they lie, and all of what has none; extents of no volume are free', async () => {
		const stripes = striped(0, 10, '"pv0", 60, "pv0", 80', 'stripe_count = 2\nstripe_size = 8');
		const volumes = [
			volumeText('swap', [striped(0, 3, '"pv0", 50'), striped(3, 7, '"pv0", 20')]),
			volumeText('stripes', [stripes]),
			volumeText('vm', [striped(0, 2, '"pv0", 100'), striped(2, 1, '"pv0", 199')]),
		].join('');
		const volume = sample(volumes, [50, 60]);
		expect(await used(volume)).toEqual({ extents: [50, 60, 100, 101, 199], outside: true });
		const { type, label, uuid, fileSystem } = await look(volume);
		expect({ type, label, uuid }).toEqual({
			type: 'LVM2 physical volume',
			label: 'vg',
			uuid: 'abcdef-0123-4567-89AB-CDEF-0123-456789',
		});
		expect(fileSystem!.info).toMatchObject({ used: mebibyte - (extents - 5) * extent, totalClusters: extents });
		const facts = { label: '', amiss: false };
		expect(fileSystem!.volumes).toEqual([
			{ name: 'swap', type: 'swap', ...facts, size: 10 * extent, used: extent, wholeReason: undefined },
			{ name: 'stripes', type: 'swap', ...facts, size: 10 * extent, used: extent, wholeReason: undefined },
			{
				name: 'vm',
				type: 'unknown',
				...facts,
				size: 3 * extent,
				used: 3 * extent,
				wholeReason: 'no known file system was found',
			},
		]);
	});

	it('is what lies behind a file system that is smaller than its volume', async () => {
		const volume = sample(volumeText('swap', [striped(0, 12, '"pv0", 30')]), [30]);
		expect((await used(volume)).extents).toEqual([30, 40, 41]);
	});

	it.each([
		['a part of another volume', volumeText('swap_rimage_0', [striped(0, 10, '"pv0", 30')], hidden), 10],
		[
			'an origin of snapshots',
			volumeText('swap', [striped(0, 10, '"pv0", 30')]) +
				volumeText('cow', [striped(0, 2, '"pv0", 40')]) +
				volumeText('snapshot0', ['type = "snapshot"\nextent_count = 1\norigin = "swap"\ncow_store = "cow"'], hidden),
			12,
		],
		[
			'an origin of thin volumes',
			volumeText('swap', [striped(0, 10, '"pv0", 30')]) +
				volumeText('thin', ['type = "thin"\nextent_count = 1\nexternal_origin = "swap"']),
			10,
		],
		[
			'a volume that also lies elsewhere',
			volumeText('swap', [striped(0, 20, '"pv0", 30, "pv1", 0', 'stripe_count = 2\nstripe_size = 8')]),
			10,
		],
		[
			'what is being moved',
			volumeText('swap', [striped(0, 10, '"pvmove0", 0')]) +
				volumeText('pvmove0', ['type = "mirror"\nextent_count = 10\nmirrors = [ "pv0", 30, "pv1", 0 ]'], hidden),
			10,
		],
	])('is all of %s', async (_, volumes, count) => {
		expect((await used(sample(volumes, [30]))).extents).toEqual(Array.from({ length: count }, (_, i) => 30 + i));
	});

	it('is all of a volume whose map contradicts itself', async () => {
		const volume = sample(volumeText('swap', [striped(0, 10, '"pv0", 30')]), [30]);
		volume.bytes[extentsStart + 30 * extent + 1024] = 7;
		expect((await used(volume)).extents).toEqual(Array.from({ length: 10 }, (_, i) => 30 + i));
		const [told] = (await look(volume)).fileSystem!.volumes!;
		expect(told).toMatchObject({ type: 'swap', amiss: true });
		expect(told!.wholeReason).toContain('expected 1');
	});
});

describe('the map of a physical volume is not relied on', () => {
	const swap = volumeText('swap', [striped(0, 10, '"pv0", 30')]);

	it.each([
		['a kind of volume that is not known', volumeText('one', ['type = "future"\nextent_count = 1']), 'found future'],
		[
			'extents that are not there',
			volumeText('one', [striped(0, 2, '"pv0", 200')], hidden),
			'from 0 to 199, found 200',
		],
		['segments that do not follow each other', volumeText('one', [striped(1, 2, '"pv0", 0')]), 'start_extent'],
	])('with %s', async (_, volumes, reason) => {
		const { wholeReason, amiss, fileSystem } = await look(sample(volumes + swap, [30]));
		expect(wholeReason).toContain(reason);
		expect({ amiss, volumes: fileSystem!.volumes }).toEqual({ amiss: true, volumes: [] });
	});

	it('with a second list of volumes that is damaged', async () => {
		const volume = sample(swap, [30]);
		const second = extentsStart - 16_384 - 512;
		writeArea(volume, second, groupText(swap, 2));
		writeLabel(volume, [areaStart, second]);
		expect((await used(volume)).extents).toEqual([30]);
		volume.bytes[second + 600]! ^= 1;
		const { wholeReason, amiss } = await look(volume);
		expect(wholeReason).toContain('LVM metadata area header textChecksum');
		expect(amiss).toBe(true);
	});

	it('without a group, which is nothing amiss', async () => {
		const volume = physicalVolume('');
		const { type, wholeReason, amiss, fileSystem } = await look(volume);
		expect({ type, amiss, fileSystem }).toEqual({ type: 'LVM2 physical volume', amiss: false, fileSystem: undefined });
		expect(wholeReason).toContain('it belongs to no group');
	});
});

it('asks of each volume by itself whether it was frozen', async () => {
	const volumes =
		volumeText('one', [striped(0, 3, '"pv0", 50'), striped(3, 7, '"pv0", 20')]) +
		volumeText('two', [striped(0, 10, '"pv0", 60')]);
	const asked: number[][] = [];
	await look(sample(volumes, [50, 60]), (start, end) => {
		asked.push([start, end].map((at) => (at - extentsStart) / extent));
		return true;
	});
	expect(asked).toEqual([
		[50, 53],
		[20, 27],
		[60, 70],
	]);
});
