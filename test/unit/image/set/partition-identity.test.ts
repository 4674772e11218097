import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	areIdentified,
	partitionIdentity,
	samePartitions,
	type DiskIdentities,
} from '../../../../src/image/set/partition-identity.ts';

const guid = '2D37A83C-3F86-4734-849E-FD9A833D874A';
const [one, two] = ['1A2B-3C4D', '5E6F-7081'];

/** A disk with one partition at its start. */
const bare = (contents: string, signature = '') => [partitionIdentity(signature, 0, contents)];

describe('partitions of disks with an id', () => {
	it('are the same whatever their order and whatever they hold', () => {
		const [a, b] = [partitionIdentity(guid, 1, one), partitionIdentity('0000ABCD', 2, '')];
		expect(samePartitions([[a], [b]], [[b], [a]])).toBe(true);
		expect(samePartitions([[a], [b]], [[a]])).toBe(false);
		expect(samePartitions([[a]], [[a], [b]])).toBe(false);
		expect(samePartitions([[a]], [[{ ...a, offset: 2 }]])).toBe(false);
		expect(samePartitions([[a]], [[partitionIdentity(`{${guid.toLowerCase()}}`, 1, two)]])).toBe(true);
	});
});

describe('partitions of disks without an id', () => {
	it('are told apart by what they hold', () => {
		expect(samePartitions([bare(one)], [bare(one)])).toBe(true);
		expect(samePartitions([bare(one)], [bare(two)])).toBe(false);
		expect(samePartitions([bare(one), bare(two)], [bare(two), bare(one)])).toBe(true);
		expect(samePartitions([bare(one)], [bare(one, guid)])).toBe(false);
	});

	it('are never the same where nothing tells them apart', () => {
		expect(samePartitions([bare('')], [bare('')])).toBe(false);
		expect(samePartitions([bare(one), bare('')], [bare(one), bare('')])).toBe(false);
		expect(samePartitions([bare('', guid), bare('')], [bare('', guid), bare('')])).toBe(false);
		expect(samePartitions([], [])).toBe(false);
	});

	it('are told by their neighbours where they hold nothing known', () => {
		const disk = (contents: string) => [partitionIdentity('', 1, contents), partitionIdentity('', 2, '')];
		expect(samePartitions([disk(one)], [disk(one)])).toBe(true);
		expect(samePartitions([disk(one)], [disk(two)])).toBe(false);
		const swapped = [partitionIdentity('', 1, ''), partitionIdentity('', 2, one)];
		expect(samePartitions([disk(one)], [swapped])).toBe(false);
	});

	it.each(['0000-0000', '00000000-0000-0000-0000-000000000000', '0000000000000000', `\\??\\Volume{${guid}}`])(
		'are not told by %s',
		(contents) => expect(samePartitions([bare(contents)], [bare(contents)])).toBe(false),
	);

	it.each(['00000000', '{00000000-0000-0000-0000-000000000000}'])('are those whose id is %s', (signature) => {
		expect(samePartitions([bare(one, signature)], [bare(two, signature)])).toBe(false);
		expect(samePartitions([bare(one, signature)], [bare(one)])).toBe(true);
	});
});

const disks: fc.Arbitrary<DiskIdentities> = fc.array(
	fc
		.tuple(fc.constantFrom('', '', guid, '0000ABCD'), fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }))
		.chain(([signature, offsets]) =>
			fc
				.tuple(...offsets.map(() => fc.constantFrom('', one, two)))
				.map((contents) => offsets.map((offset, i) => partitionIdentity(signature, offset, contents[i]!))),
		),
	{ minLength: 1, maxLength: 3 },
);

it('what is the same stays so in any order, and shares every id and UUID', () => {
	fc.assert(
		fc.property(disks, disks, (a, b) => {
			const reversed = [...a].reverse().map((disk) => [...disk].reverse());
			expect(samePartitions(a, reversed)).toBe(areIdentified(a));
			expect(samePartitions(a, b)).toBe(samePartitions(b, a));
			if (!samePartitions(a, b)) return;
			expect(areIdentified(a) && areIdentified(b)).toBe(true);
			const withoutId = (set: DiskIdentities) =>
				set.flatMap((disk) => disk.filter((partition) => partition.disk === '').map(({ contents }) => contents)).sort();
			expect(withoutId(a)).toEqual(withoutId(b));
		}),
		{ numRuns: 3000 },
	);
});
