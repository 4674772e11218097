import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import type { NonResidentAttribute } from '../../../../src/disk/ntfs/records/attribute.ts';
import { ClusterRangeBuilder } from '../../../../src/disk/ntfs/cluster-ranges.ts';
import { appendRuns, hole, RunList } from '../../../../src/disk/ntfs/records/run-list.ts';
import { mappingPairs } from './sample-records.ts';

const total = 2 ** 40;

function extent(pairs: Iterable<number>, more: Partial<NonResidentAttribute> = {}): NonResidentAttribute {
	return {
		type: 0x80,
		name: '',
		flags: 0,
		instance: 0,
		at: 0,
		resident: false,
		lowestVcn: 0,
		highestVcn: undefined,
		mappingPairs: Uint8Array.from(pairs),
		compressionUnit: 0,
		allocatedSize: 0,
		dataSize: 0,
		initializedSize: 0,
		totalAllocated: 0,
		...more,
	};
}

function decode(pairs: Iterable<number>, more: Partial<NonResidentAttribute> = {}): RunList {
	const runs = new RunList();
	appendRuns(runs, extent(pairs, more), total);
	return runs;
}

describe('mapping pairs', () => {
	it('are length and signed distance, little-endian', () => {
		const runs = decode([
			...[0x31, 0x38, 0x73, 0x25, 0x34],
			...[0x32, 0x14, 0x01, 0xe5, 0x11, 0x02],
			...[0x31, 0x42, 0xaa, 0x00, 0x03],
			...[0x01, 0x30],
			...[0x21, 0x05, 0x00, 0xff],
			0x00,
		]);
		expect(runs.lengths).toEqual([0x38, 0x114, 0x42, 0x30, 5]);
		expect(runs.starts).toEqual([0, 0x38, 0x14c, 0x18e, 0x1be]);
		expect(runs.lcns).toEqual([0x342573, 0x363758, 0x393802, hole, 0x393702]);
	});

	it('decode what was encoded, and every VCN is found', () => {
		const run = fc.record({
			lcn: fc.option(fc.integer({ min: 0, max: 2 ** 31 }), { nil: undefined }),
			length: fc.integer({ min: 1, max: 2 ** 31 }),
		});
		fc.assert(
			fc.property(fc.array(run, { minLength: 1, maxLength: 50 }), (list) => {
				const runs = decode(mappingPairs(list));
				expect(runs.lcns).toEqual(list.map(({ lcn }) => lcn ?? hole));
				expect(runs.lengths).toEqual(list.map(({ length }) => length));
				list.forEach(({ length }, i) => {
					expect(runs.find(runs.starts[i]!)).toBe(i);
					expect(runs.find(runs.starts[i]! + length - 1)).toBe(i);
				});
			}),
		);
	});

	it.each<[string, number[], Partial<NonResidentAttribute>]>([
		['a length of no bytes', [0x10, 1, 0], {}],
		['a length of 0', [0x11, 0, 1, 0], {}],
		['a negative length', [0x11, 0x80, 1, 0], {}],
		['a length of nine bytes', [0x19, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], {}],
		['a number that is cut off', [0x41, 1, 1], {}],
		['no end mark', [0x11, 1, 1], {}],
		['a cluster below 0', [0x11, 1, 0xff, 0], {}],
		['clusters behind the volume', [0x61, 1, 0, 0, 0, 0, 0, 1, 0], {}],
		['a length beyond 2^53', [0x18, 0, 0, 0, 0, 0, 0, 0, 0x7f, 1, 0], {}],
		['another first VCN', [0x11, 1, 1, 0], { lowestVcn: 1 }],
		['another last VCN', [0x11, 2, 1, 0], { highestVcn: 2 }],
	])('are damaged by %s', (_, pairs, more) => {
		expect(() => decode(pairs, more)).toThrow(expect.objectContaining({ code: 'structure-damaged' }));
	});

	it('of any bytes end in runs inside the volume or in the error', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
				try {
					const runs = decode(bytes);
					for (let i = 0; i < runs.count; i++) {
						expect(runs.lengths[i]).toBeGreaterThan(0);
						if (runs.lcns[i] !== hole) expect(runs.lcns[i]! + runs.lengths[i]!).toBeLessThanOrEqual(total);
					}
				} catch (error) {
					expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});

describe('ranges of clusters', () => {
	it('are refused exactly when two of them share a cluster', () => {
		const range = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 6 }));
		fc.assert(
			fc.property(fc.array(range, { maxLength: 12 }), (list) => {
				const builder = new ClusterRangeBuilder();
				for (const [start, length] of list) builder.add(start, start + length);
				const clusters = list.flatMap(([start, length]) => Array.from({ length }, (_, i) => start + i));
				if (new Set(clusters).size < clusters.length) {
					expect(() => builder.build('Test', 1)).toThrow(expect.objectContaining({ code: 'structure-damaged' }));
				} else {
					const { starts, ends } = builder.build('Test', 1);
					const sorted = list.toSorted(([a], [b]) => a - b);
					expect([...starts]).toEqual(sorted.map(([start]) => start));
					expect([...ends]).toEqual(sorted.map(([start, length]) => start + length));
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('begin at a VCN of the stream', () => {
		const builder = new ClusterRangeBuilder();
		builder.addRuns(
			decode(
				mappingPairs([
					{ lcn: 10, length: 4 },
					{ lcn: undefined, length: 2 },
					{ lcn: 90, length: 8 },
				]),
			),
			9,
		);
		const { starts, ends } = builder.build('Test', 1);
		expect([[...starts], [...ends]]).toEqual([[93], [98]]);
	});
});
