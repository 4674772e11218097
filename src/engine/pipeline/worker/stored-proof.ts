import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import type { StoreTask } from '../messages.ts';
import { storedBound } from '../stored-bound.ts';
import type { WorkerTools } from './worker-tools.ts';

/** Decodes stored blocks and compares them with what they were made of; one instance a job and thread. */
export class StoredProof {
	readonly #task: StoreTask;
	readonly #tools: WorkerTools;
	readonly #decrypted: Uint8Array;
	readonly #decoded: Uint8Array;

	constructor(task: StoreTask, tools: WorkerTools) {
		this.#task = task;
		this.#tools = tools;
		this.#decrypted = new Uint8Array(tools.cipher === undefined ? 0 : storedBound(task.blockSize));
		this.#decoded = new Uint8Array(task.level === undefined ? 0 : task.blockSize);
	}

	/** @throws AfterimageError `failed` when `stored` is not a form of `raw` */
	check(block: number, stored: Uint8Array, raw: Uint8Array): void {
		let found: Uint8Array;
		try {
			found = this.#decode(block, stored, raw.length);
		} catch (error) {
			if (!isAfterimageError(error, 'image-damaged')) throw error;
			throw this.#wrong(block, error.message);
		}
		if (Buffer.compare(found, raw) !== 0) throw this.#wrong(block, 'other bytes');
	}

	#decode(block: number, stored: Uint8Array, length: number): Uint8Array {
		const { cipher, codec } = this.#tools;
		let plain = stored;
		if (cipher !== undefined) {
			plain = this.#decrypted.subarray(0, stored.length);
			plain.set(stored);
			cipher.decrypt(block, plain);
		}
		if (this.#task.level === undefined) return plain.subarray(0, length);
		const target = this.#decoded.subarray(0, length);
		return target.subarray(0, codec.decompress(plain, target));
	}

	#wrong(block: number, found: string): AfterimageError {
		const { start, blockSize } = this.#task;
		const offset = start + block * blockSize;
		return new AfterimageError(
			'failed',
			`Block ${block} (byte ${offset} of the source) does not decode to what was read: ${found}`,
			{
				advice:
					'The memory of this computer or its zstd library is faulty: test the memory, or set AFTERIMAGE_ZSTD=node. Nothing of this run was kept.',
				details: { block, offset, codec: this.#tools.codec.name },
			},
		);
	}
}
