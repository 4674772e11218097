import { expect, test } from 'vitest';
import { putExtent } from './file-records.ts';
import { makeFileSample, type FileSample } from './file-sample.ts';
import { treeText } from './tree-text.ts';

export type Change = (sample: FileSample, view: DataView) => void;

/** A change whose checksums match none the less, and what the tree must say of it at a path. */
export type Damage = readonly [what: string, path: string, change: Change, expected: RegExp];

/** Declares a test for each change and version. */
export function describeDamage(damages: readonly Damage[], versions: readonly (4 | 5)[]): void {
	const cases = damages.flatMap(([what, ...rest]) => versions.map((version) => [what, version, ...rest] as const));
	test.each(cases)('%s, version %i', async (_, version, path, change, expected) => {
		const sample = makeFileSample(version);
		change(sample, new DataView(sample.volume.bytes.buffer));
		if (version === 5) sample.seal();
		const text = (await treeText(sample.volume)).get(path) ?? '';
		expect(text).toMatch(/^(damaged|structure-damaged): /);
		expect(text).toMatch(expected);
	});
}

/** Puts an extent record into the fork of an inode. */
export const extent = (number: number, index: number, start: number, block: number, count: number): Change => {
	return (sample) => putExtent(sample.volume.bytes, sample.fork(number) + 16 * index, { start, block, count });
};
