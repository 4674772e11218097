import fc from 'fast-check';
import { test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { survives } from '../hostile.ts';
import { makeSample } from './sample.ts';

const { sealed, volume: pristine } = makeSample();
const places = fc.constantFrom(...sealed).chain(({ start, length }) => {
	const at = fc.oneof(
		fc.integer({ min: 0x20, max: 300 }),
		fc.integer({ min: 0x32b, max: 0x3a0 }),
		fc.integer({ min: length - 600, max: length - 1 }),
	);
	return fc.record({ at: at.map((offset) => start + offset), value: fc.integer({ min: 0, max: 255 }) });
});

test('changed bytes, with or without matching checksums, give an error of ours or a sane map', async () => {
	const sample = makeSample();
	await fc.assert(
		fc.asyncProperty(
			fc.array(places, { minLength: 1, maxLength: 6 }),
			fc.integer({ min: 0, max: 2 }),
			async (flips, how) => {
				const { bytes } = sample.volume;
				for (const { start, length } of sealed) bytes.set(pristine.bytes.subarray(start, start + length), start);
				for (const { at, value } of flips) bytes[at] = value;
				if (how === 1) sample.checksums();
				if (how === 2) sample.seal();
				await survives(btrfsDriver, sample.volume);
			},
		),
		{ numRuns: 3000 },
	);
});

test('a volume cut anywhere gives an error of ours or everything', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 0, max: pristine.size }), async (length) => {
			await survives(btrfsDriver, new MemoryBytes(pristine.bytes.slice(0, length)));
		}),
		{ numRuns: 100 },
	);
});
