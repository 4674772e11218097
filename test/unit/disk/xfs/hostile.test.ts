import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
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

async function survives(volume: MemoryBytes, frozen: boolean): Promise<void> {
	try {
		const fileSystem = await xfsDriver.open(bounded(volume), { frozen });
		await fileSystem?.collectUsed({
			add(start, end) {
				expect(start).toBeGreaterThanOrEqual(0);
				expect(end).toBeLessThanOrEqual(volume.size);
				expect(end).toBeGreaterThanOrEqual(start);
			},
		});
	} catch (error) {
		if (!(error instanceof AfterimageError)) throw error;
	}
}

const { sealed, volume: pristine } = makeSample();
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
				await survives(sample.volume, frozen);
			},
		),
		{ numRuns: 3000 },
	);
});

test('a volume cut anywhere gives an error of ours or everything', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 0, max: pristine.size }), async (length) => {
			await survives(new MemoryBytes(pristine.bytes.slice(0, length)), false);
		}),
		{ numRuns: 300 },
	);
});
