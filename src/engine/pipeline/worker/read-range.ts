import { AfterimageError } from '../../../base/errors.ts';
import { systemCode } from '../../../base/system-code.ts';
import type { PositionalIo } from './positional-io.ts';

const attempts = 3;
/** Between attempts on a whole range, in which a disk may recover; single sectors are tried again at once, as there may be very many. */
const pauseMilliseconds = 50;
/** The smallest piece a disk may fail to read. */
const sectorBytes = 512;
/** Larger pieces begin and end at whole sectors of every disk: Windows reads nothing else, and says EINVAL. */
const largestSector = 4096;

/** Errors of the descriptor, the request or a device that has gone: no other sector would be read any better. */
const notTheMedium = new Set([
	'EBADF',
	'EISDIR',
	'EINVAL',
	'EFAULT',
	'ENOMEM',
	'ENODEV',
	'ENOMEDIUM',
	'ENOTCONN',
	'ECONNABORTED',
	'ESTALE',
	'ENXIO',
	'ESPIPE',
	'EACCES',
	'EPERM',
]);
/**
 * Node's word for errors of Windows that have no name in it: of a disk that was taken away, but also of sectors that a disk
 * tells to be a fault of its hardware, as those behind USB often do (ERROR_DEVICE_HARDWARE_ERROR, beside ERROR_CRC = EIO).
 */
const unnamed = 'UNKNOWN';

export interface BadSectors {
	/** Takes the place of an error: the range's bytes are zeros. Offsets ascend; neighbours are reported one by one. */
	report(offset: number, length: number): void;
}

/**
 * Fills `target` from byte `position` of `fd`. A read that fails is tried three times; then the sectors at fault are
 * searched for, and reported as bad and read as zeros, or named in the error when `bad` is undefined.
 * @throws AfterimageError `read-error`; `cancelled` when `isCancelled` says so between two attempts
 */
export function readRange(
	io: PositionalIo,
	fd: number,
	position: number,
	target: Uint8Array,
	bad: BadSectors | undefined,
	isCancelled: () => boolean,
): void {
	const failure = tryRead(io, fd, position, target, pauseMilliseconds, isCancelled);
	if (failure === undefined) return;
	const elsewhere = notTheMedium.has(systemCode(failure) ?? '') || (failure.code === unnamed && !isThere(io, fd));
	if (elsewhere) throw readError(position, target.length, failure);
	bisect(io, fd, position, target, bad, isCancelled);
}

type SystemError = NodeJS.ErrnoException;

/** Whether the beginning of the source can be read. */
function isThere(io: PositionalIo, fd: number): boolean {
	try {
		return io.read(fd, new Uint8Array(4096), 0) > 0;
	} catch {
		return false;
	}
}

/** Several attempts; the error of the last one, or undefined. */
function tryRead(
	io: PositionalIo,
	fd: number,
	position: number,
	target: Uint8Array,
	pause: number,
	isCancelled: () => boolean,
): SystemError | undefined {
	for (let attempt = 1; ; attempt++) {
		try {
			readFully(io, fd, position, target);
			return undefined;
		} catch (error) {
			if (error instanceof AfterimageError) throw error;
			const { code = '' } = error as SystemError;
			if (attempt === attempts || code === unnamed || notTheMedium.has(code)) return error as SystemError;
		}
		if (isCancelled()) throw new AfterimageError('cancelled', 'Cancelled');
		if (pause > 0) io.pause(pause * attempt);
	}
}

function readFully(io: PositionalIo, fd: number, position: number, target: Uint8Array): void {
	let done = 0;
	while (done < target.length) {
		const count = io.read(fd, done === 0 ? target : target.subarray(done), position + done);
		if (count === 0) {
			throw new AfterimageError(
				'read-error',
				`Reading ${target.length} bytes at byte ${position}: the source ends at byte ${position + done}`,
				{ details: { offset: position + done, length: target.length - done } },
			);
		}
		done += count;
	}
}

/** A range that cannot be read as a whole: its halves are tried once each, single sectors several times. */
function bisect(
	io: PositionalIo,
	fd: number,
	position: number,
	target: Uint8Array,
	bad: BadSectors | undefined,
	isCancelled: () => boolean,
): void {
	if (target.length <= sectorBytes) {
		const last = tryRead(io, fd, position, target, 0, isCancelled);
		if (last === undefined) return;
		if (bad === undefined) throw readError(position, target.length, last);
		target.fill(0);
		bad.report(position, target.length);
		return;
	}
	const unit = target.length > largestSector ? largestSector : sectorBytes;
	const middle = middleOf(position, target.length, unit);
	for (const half of [target.subarray(0, middle), target.subarray(middle)]) {
		if (isCancelled()) throw new AfterimageError('cancelled', 'Cancelled');
		const at = position + half.byteOffset - target.byteOffset;
		try {
			readFully(io, fd, at, half);
		} catch (error) {
			if (error instanceof AfterimageError) throw error;
			bisect(io, fd, at, half, bad, isCancelled);
		}
	}
}

/** Bytes of the first half, which ends at a multiple of the unit where the range is not too short for that. */
function middleOf(position: number, length: number, unit: number): number {
	const half = Math.ceil(length / 2 / unit) * unit;
	const aligned = half - (position % unit);
	return aligned > 0 && aligned < length ? aligned : half;
}

function readError(offset: number, length: number, cause: SystemError): AfterimageError {
	return new AfterimageError(
		'read-error',
		`Reading ${length} bytes at byte ${offset} of the source: ${cause.message}`,
		{
			details: { offset, length, system: cause.code ?? '' },
			advice: 'Check the disk and its cable; --skip-bad-sectors stores zeros for sectors that cannot be read.',
			cause,
		},
	);
}
