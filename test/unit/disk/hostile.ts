import { expect } from 'vitest';
import type { ByteSource } from '../../../src/base/bytes.ts';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { FileSystemDriver, OpenOptions, UsedSink } from '../../../src/disk/filesystem.ts';

/** A source that refuses to be read without end, and at once more than it holds. */
function bounded(volume: ByteSource): ByteSource {
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

/** Holds each used range to the volume. @param shortest bytes that a range has at least */
export function rangesWithin(volume: { readonly size: number }, shortest = 1): UsedSink {
	return {
		add(start, end) {
			expect(start).toBeGreaterThanOrEqual(0);
			expect(end).toBeLessThanOrEqual(volume.size);
			expect(end).toBeGreaterThanOrEqual(start + shortest);
		},
	};
}

/** Opens and maps a volume that may hold anything: it gives a sane map or an error of ours, after a bounded number of reads. */
export async function survives(
	driver: FileSystemDriver,
	volume: ByteSource,
	options: OpenOptions = {},
	sink = rangesWithin(volume),
): Promise<void> {
	try {
		const fileSystem = await driver.open(bounded(volume), options);
		await fileSystem?.collectUsed(sink);
	} catch (error) {
		if (!(error instanceof AfterimageError)) throw error;
	}
}

/** A volume of which nothing can be read from a byte on. */
export function unreadableFrom(start: number, volume: ByteSource): ByteSource {
	return {
		size: volume.size,
		async read(offset, target) {
			if (offset >= start) throw new AfterimageError('read-error', 'broken');
			await volume.read(offset, target);
		},
	};
}
