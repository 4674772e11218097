import type { ByteSource } from '../../../base/bytes.ts';
import { isAfterimageError } from '../../../base/errors.ts';

/** Smallest range that is given up on: one sector of the largest kind. */
const smallest = 4096;

/**
 * A source whose unreadable sectors read as zeros, for the metadata of a faulty disk: structures that are lost that way
 * fail their own checks, and the partition is then stored whole.
 */
export class TolerantSource implements ByteSource {
	readonly #source: ByteSource;
	readonly #onBad: (offset: number, length: number) => void;

	constructor(source: ByteSource, onBad: (offset: number, length: number) => void) {
		this.#source = source;
		this.#onBad = onBad;
	}

	get size(): number {
		return this.#source.size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		try {
			await this.#source.read(offset, target);
		} catch (error) {
			if (!isAfterimageError(error, 'read-error')) throw error;
			if (target.length <= smallest) {
				target.fill(0);
				this.#onBad(offset, target.length);
				return;
			}
			const half = Math.ceil(target.length / 2 / smallest) * smallest;
			await this.read(offset, target.subarray(0, half));
			await this.read(offset + half, target.subarray(half));
		}
	}
}
