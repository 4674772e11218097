import { AfterimageError } from '../../../base/errors.ts';
import { openFailure } from '../../ports/system-errors.ts';
import type { PositionalIo } from './positional-io.ts';
import type { SourceFile } from '../types.ts';

/** Gives a thread the descriptors of its job's files. Those that come without one it opens itself, one at a time. */
export class SourceDescriptors {
	readonly #io: Pick<PositionalIo, 'open' | 'close'>;
	#opened: { readonly path: string; readonly fd: number } | undefined;

	constructor(io: Pick<PositionalIo, 'open' | 'close'>) {
		this.#io = io;
	}

	/**
	 * Good until another file is asked for.
	 * @throws AfterimageError `file-missing`, `permission-denied`, `failed`; `read-error` for a file of another size
	 */
	of({ fd, path, size }: SourceFile): number {
		if (fd !== undefined) return fd;
		if (this.#opened?.path !== path) {
			this.release();
			this.#opened = { path, fd: this.#open(path, size) };
		}
		return this.#opened.fd;
	}

	/** Call it at the end of each batch: a job has ended when its last batch has, and nothing must be open then. */
	release(): void {
		if (this.#opened === undefined) return;
		this.#io.close(this.#opened.fd);
		this.#opened = undefined;
	}

	#open(path: string, expected: number): number {
		let opened: ReturnType<PositionalIo['open']>;
		try {
			opened = this.#io.open(path);
		} catch (error) {
			throw openFailure(error, path, 'file-missing');
		}
		if (opened.size === expected) return opened.fd;
		this.#io.close(opened.fd);
		throw new AfterimageError('read-error', `${path}: expected ${expected} bytes, found ${opened.size}`, {
			advice: 'The file was changed while the job ran. Start the job again.',
			details: { path, expected, found: opened.size },
		});
	}
}
