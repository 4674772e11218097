import { AfterimageError, damaged } from '../../../base/errors.ts';
import { readFailure, writeFailure } from '../../ports/system-errors.ts';
import type { Batch } from '../batch.ts';
import type { CopyResult, CopyTask } from '../messages.ts';
import { SourceDescriptors } from './source-descriptors.ts';
import type { WorkerTools } from './worker-tools.ts';

/** What is read, summed and written at a time: it stays in the caches of a core. */
const bufferBytes = 256 * 1024;

/** Copies one piece after another as it is, or only reads it, and takes its CRC-32; one instance a job and thread. */
export class BatchCopier {
	readonly #task: CopyTask;
	readonly #tools: Pick<WorkerTools, 'io' | 'crc32' | 'isCancelled'>;
	readonly #sources: SourceDescriptors;
	readonly #buffer = new Uint8Array(bufferBytes);

	constructor(task: CopyTask, tools: Pick<WorkerTools, 'io' | 'crc32' | 'isCancelled'>) {
		this.#task = task;
		this.#tools = tools;
		this.#sources = new SourceDescriptors(tools.io);
	}

	/** @throws AfterimageError `read-error`, `write-error`, `no-space`, `image-damaged`, `cancelled`, `file-missing` */
	run(batch: Batch, count: number): CopyResult {
		try {
			return this.#copy(batch, count);
		} finally {
			this.#sources.release();
		}
	}

	#copy(batch: Batch, count: number): CopyResult {
		const buffer = this.#buffer;
		let [length, sum, used] = [0, 0, 0];
		const flush = () => {
			const bytes = buffer.subarray(0, used);
			sum = this.#tools.crc32(bytes, sum);
			this.#write(bytes, batch.targetPosition[0]! + length);
			length += used;
			used = 0;
			if (this.#tools.isCancelled()) throw new AfterimageError('cancelled', 'Cancelled');
		};
		for (let i = 0; i < count; i++) {
			const [position, bytes] = [batch.positions[i]!, batch.lengths[i]!];
			for (let done = 0; done < bytes;) {
				const piece = buffer.subarray(used, Math.min(buffer.length, used + bytes - done));
				this.#read(batch.fileNumbers[i]!, position + done, piece);
				done += piece.length;
				used += piece.length;
				if (used === buffer.length) flush();
			}
		}
		if (used > 0) flush();
		return { kind: 'copy', length, sum };
	}

	#read(fileNumber: number, position: number, target: Uint8Array): void {
		const file = this.#task.files.get(fileNumber)!;
		const { path, size } = file;
		if (position + target.length > size) {
			throw damaged('image-damaged', `Bytes of ${path}`, position, `${target.length} bytes`, `a file of ${size} bytes`);
		}
		const fd = this.#sources.of(file);
		for (let done = 0; done < target.length;) {
			const at = position + done;
			let count: number;
			try {
				count = this.#tools.io.read(fd, target.subarray(done), at);
			} catch (error) {
				throw readFailure(error, path, at);
			}
			if (count === 0) {
				throw new AfterimageError('read-error', `${path} ends at byte ${at}: expected ${size} bytes`, {
					advice: 'The file became shorter while it was read.',
					details: { path, offset: at, size },
				});
			}
			done += count;
		}
	}

	#write(bytes: Uint8Array, position: number): void {
		const { target } = this.#task;
		if (target === undefined) return;
		for (let done = 0; done < bytes.length;) {
			const at = position + done;
			let count: number;
			try {
				count = this.#tools.io.write(target.fd, bytes.subarray(done), at);
			} catch (error) {
				throw writeFailure(error, target.path, at);
			}
			if (count === 0) {
				throw new AfterimageError('write-error', `${target.path} takes no bytes at byte ${at}`, {
					details: { path: target.path, offset: at },
				});
			}
			done += count;
		}
	}
}
