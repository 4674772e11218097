/**
 * Stable codes of everything that can go wrong. A code never changes its meaning; callers test codes, never messages.
 * The exit code that the command line gives for each stands in {@link exitCodeOf}.
 */
export type ErrorCode =
	| 'failed'
	| 'invalid-argument'
	| 'invalid-definition'
	| 'busy'
	| 'cancelled'
	| 'wrong-password'
	| 'password-needed'
	| 'image-damaged'
	| 'no-space'
	| 'source-missing'
	| 'destination-missing'
	| 'read-error'
	| 'write-error'
	| 'target-too-small'
	| 'target-in-use'
	| 'file-missing'
	| 'structure-damaged'
	| 'not-supported'
	| 'permission-denied'
	| 'engine-lost'
	| 'overdue';

/** What a message is about, kept apart from the sentence: offsets and sizes in bytes, paths, names. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** The one error class of the product. `message` says where, what was expected and what was found; `advice` what to do. */
export class AfterimageError extends Error {
	override readonly name = 'AfterimageError';
	readonly code: ErrorCode;
	readonly advice: string | undefined;
	readonly details: ErrorDetails;

	constructor(
		code: ErrorCode,
		message: string,
		options: { advice?: string; details?: ErrorDetails; cause?: unknown } = {},
	) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = code;
		this.advice = options.advice;
		this.details = options.details ?? {};
	}
}

/** The parts of an error that cross a process boundary. */
export interface ErrorRecord {
	code: ErrorCode;
	message: string;
	advice?: string;
	details?: ErrorDetails;
}

/** Whether an error is one of ours, and has the code where one is given. */
export function isAfterimageError(error: unknown, code?: ErrorCode): error is AfterimageError {
	return error instanceof AfterimageError && (code === undefined || error.code === code);
}

/** Any thrown value as a record; what is not ours becomes code `failed` with its message, never with its stack. */
export function toErrorRecord(error: unknown): ErrorRecord {
	if (error instanceof AfterimageError) {
		const record: ErrorRecord = { code: error.code, message: error.message, details: error.details };
		if (error.advice !== undefined) record.advice = error.advice;
		return record;
	}
	return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
}

/** The error again on the other side of a process boundary. The record was checked by then. */
export function fromErrorRecord(record: ErrorRecord): AfterimageError {
	return new AfterimageError(record.code, record.message, {
		...(record.advice === undefined ? {} : { advice: record.advice }),
		...(record.details === undefined ? {} : { details: record.details }),
	});
}

/**
 * A structure on a disk or in an image that is not what it must be.
 * @param what the structure and field, in the words of its specification
 * @param at byte offset in the disk, partition or file that is being read
 */
export function damaged(
	code: 'structure-damaged' | 'image-damaged',
	what: string,
	at: number,
	expected: string | number,
	found: string | number,
	advice?: string,
): AfterimageError {
	return new AfterimageError(code, `${what} at byte ${at}: expected ${expected}, found ${found}`, {
		details: { what, offset: at, expected, found },
		...(advice === undefined ? {} : { advice }),
	});
}

const exitCodes: Partial<Record<ErrorCode, number>> = {
	'invalid-argument': 2,
	'invalid-definition': 2,
	busy: 3,
	cancelled: 4,
	'wrong-password': 5,
	'password-needed': 5,
	'image-damaged': 6,
	'file-missing': 6,
	'no-space': 7,
	'target-too-small': 7,
	'source-missing': 8,
	'destination-missing': 8,
	overdue: 9,
};

/** Exit code of `afterimage` for an error: 1 where no other is named. */
export function exitCodeOf(code: ErrorCode): number {
	return exitCodes[code] ?? 1;
}
