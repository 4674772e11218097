import { AfterimageError } from '../../../base/errors.ts';
import { systemCode } from '../../../base/system-code.ts';
import { systemPhrase } from '../../../base/system-phrase.ts';
import type { PositionalIo } from './positional-io.ts';

/** Writes all of `data` at byte `position` of `fd`. @throws AfterimageError `no-space` or `write-error` naming the byte */
export function writeRange(io: PositionalIo, fd: number, position: number, data: Uint8Array): void {
	let done = 0;
	while (done < data.length) {
		let count: number;
		try {
			count = io.write(fd, done === 0 ? data : data.subarray(done), position + done);
		} catch (error) {
			throw writeError(error, position + done, data.length - done);
		}
		if (count === 0) {
			throw new AfterimageError('write-error', `Writing at byte ${position + done} of the target: it took no bytes`, {
				details: { offset: position + done, length: data.length - done },
			});
		}
		done += count;
	}
}

function writeError(cause: unknown, offset: number, length: number): AfterimageError {
	const code = systemCode(cause);
	const isFull = code === 'ENOSPC' || code === 'EDQUOT';
	return new AfterimageError(
		isFull ? 'no-space' : 'write-error',
		`Writing ${length} bytes at byte ${offset} of the target: ${systemPhrase(cause)}`,
		{
			advice: isFull
				? 'Make room where the target lies, or choose another one.'
				: 'Check the disk and its cable, and whether it lets itself be written.',
			details: { offset, length, system: code ?? '' },
			cause,
		},
	);
}
