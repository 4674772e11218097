import { AfterimageError } from '../../base/errors.ts';
import type { PositionalIo } from './positional-io.ts';

/** Writes all of `data` at byte `position` of `fd`. @throws AfterimageError `no-space` or `write-error` naming the byte */
export function writeRange(io: PositionalIo, fd: number, position: number, data: Uint8Array): void {
	let done = 0;
	while (done < data.length) {
		let count: number;
		try {
			count = io.write(fd, done === 0 ? data : data.subarray(done), position + done);
		} catch (error) {
			const { code, message } = error as NodeJS.ErrnoException;
			throw new AfterimageError(
				code === 'ENOSPC' || code === 'EDQUOT' ? 'no-space' : 'write-error',
				`Writing ${data.length - done} bytes at byte ${position + done} of the target: ${message}`,
				{ details: { offset: position + done, length: data.length - done, system: code ?? '' }, cause: error },
			);
		}
		if (count === 0) {
			throw new AfterimageError('write-error', `Writing at byte ${position + done} of the target: it took no bytes`, {
				details: { offset: position + done, length: data.length - done },
			});
		}
		done += count;
	}
}
