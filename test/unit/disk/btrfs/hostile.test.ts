import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { makeSample } from './sample.ts';

/** A source that refuses to be read without end. */
function bounded(volume: MemoryBytes): ByteSource {
	let left = 5000;
	return {
		size: volume.size,
		read(offset, target) {
			if (--left < 0) throw new Error('too many reads');
			if (target.length > volume.size) throw new Error('a read larger than the volume');
			return volume.read(offset, target);
		},
	};
}

async function survives(volume: MemoryBytes): Promise<void> {
	try {
		const fileSystem = await btrfsDriver.open(bounded(volume), {});
		await fileSystem?.collectUsed({
			add(start, end) {
				expect(start).toBeGreaterThanOrEqual(0);
				expect(end).toBeLessThanOrEqual(volume.size);
				expect(end).toBeGreaterThan(start);
			},
		});
	} catch (error) {
		if (!(error instanceof AfterimageError)) throw error;
	}
}

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
				await survives(sample.volume);
			},
		),
		{ numRuns: 3000 },
	);
});

test('a volume cut anywhere gives an error of ours or everything', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 0, max: pristine.size }), async (length) => {
			await survives(new MemoryBytes(pristine.bytes.slice(0, length)));
		}),
		{ numRuns: 100 },
	);
});
