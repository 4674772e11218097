import { isAfterimageError } from '../../base/errors.ts';
import type { ByteSource } from '../../base/bytes.ts';

/**
 * A partition with zeros also for damaged blocks that nobody knew of, as where a sample was verified: the marks of other
 * file systems are looked for all over it, and one such block would keep every name from being found.
 */
export class DamageAsZeros implements ByteSource {
	readonly #whole: ByteSource;

	/** @param whole fails as `PartitionBytes` does */
	constructor(whole: ByteSource) {
		this.#whole = whole;
	}

	get size(): number {
		return this.#whole.size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		try {
			await this.#whole.read(offset, target);
		} catch (error) {
			const [start, end] = damagedRange(error);
			const from = Math.max(0, start - offset);
			const to = Math.min(target.length, end - offset);
			if (!(from < to)) throw error;
			if (from > 0) await this.read(offset, target.subarray(0, from));
			target.fill(0, from, to);
			if (to < target.length) await this.read(offset + to, target.subarray(to));
		}
	}
}

/** Bytes of the partition that an error says are damaged; none where it says something else. */
function damagedRange(error: unknown): readonly [start: number, end: number] {
	const cause = isAfterimageError(error, 'read-error') ? error.cause : undefined;
	if (!isAfterimageError(cause, 'image-damaged')) return [0, 0];
	return [Number(cause.details['start']), Number(cause.details['end'])];
}
