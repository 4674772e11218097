import fc from 'fast-check';
import { test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import { rangesWithin, survives } from '../hostile.ts';
import { makeSample } from './sample.ts';

const { sealed, volume: pristine } = makeSample();
/** Where a group begins with free blocks the driver reports an empty range before them. */
const mapped = (volume: MemoryBytes, frozen: boolean) =>
	survives(xfsDriver, volume, { frozen }, rangesWithin(volume, 0));
const logArea = { start: (256 + 32) * 1024, length: 8 * 512 };
const places = fc.constantFrom(...sealed, logArea).chain(({ start, length }) => {
	const at = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: length - 1 }));
	return fc.record({
		at: at.map((offset) => start + Math.min(offset, length - 1)),
		value: fc.integer({ min: 0, max: 255 }),
	});
});

test('changed bytes, with or without matching checksums, give an error of ours or a sane map', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(places, { minLength: 1, maxLength: 6 }),
			fc.boolean(),
			fc.boolean(),
			async (flips, seal, frozen) => {
				const sample = makeSample();
				for (const { at, value } of flips) sample.volume.bytes[at] = value;
				if (seal) sample.seal();
				await mapped(sample.volume, frozen);
			},
		),
		{ numRuns: 3000 },
	);
});

test('a volume cut anywhere gives an error of ours or everything', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 0, max: pristine.size }), async (length) => {
			await mapped(new MemoryBytes(pristine.bytes.slice(0, length)), false);
		}),
		{ numRuns: 300 },
	);
});
