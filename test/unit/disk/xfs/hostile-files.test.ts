import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeFileSample } from './file-sample.ts';
import { treeText } from './tree-text.ts';

/** Bytes of the metadata, more often those at the start of a structure, with what replaces them. */
const flipsOf = (version: 4 | 5) =>
	fc.array(
		fc.constantFrom(...makeFileSample(version).metadata).chain(({ start, length }) => {
			const at = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: length - 1 }));
			return fc.record({ at: at.map((offset) => start + offset), value: fc.integer({ min: 0, max: 255 }) });
		}),
		{ minLength: 1, maxLength: 6 },
	);

test.each([4, 5] as const)(
	'changed bytes that no checksum tells of end in a bounded walk, version %i',
	async (version) => {
		await fc.assert(
			fc.asyncProperty(flipsOf(version), async (flips) => {
				const sample = makeFileSample(version);
				for (const { at, value } of flips) sample.volume.bytes[at] = value;
				if (version === 5) sample.seal();
				await treeText(sample.volume);
			}),
			{ numRuns: 1000 },
		);
	},
);

test('changed bytes are told as damage, and all else as it was, where there are checksums', async () => {
	const pristine = await treeText(makeFileSample(5).volume);
	await fc.assert(
		fc.asyncProperty(flipsOf(5), async (flips) => {
			const { volume } = makeFileSample(5);
			for (const { at, value } of flips) volume.bytes[at] = value;
			for (const [path, text] of await treeText(volume)) {
				if (!/^(damaged|structure-damaged): /.test(text)) expect(text).toBe(pristine.get(path));
			}
		}),
		{ numRuns: 1000 },
	);
});
