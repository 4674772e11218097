import { toErrorRecord, type ErrorCode } from '../../base/errors.ts';

/** The kinds of failure that VS Code knows of a file system. */
export type ProblemKind = 'FileNotFound' | 'NoPermissions' | 'Unavailable';

export interface FileProblem {
	readonly kind: ProblemKind;
	/** What happened, then what to do. */
	readonly text: string;
}

const kinds: Partial<Record<ErrorCode, ProblemKind>> = {
	'file-missing': 'FileNotFound',
	'source-missing': 'FileNotFound',
	'permission-denied': 'NoPermissions',
	'password-needed': 'NoPermissions',
	'wrong-password': 'NoPermissions',
};

/** An error of the engine, or any other, as VS Code shows it in place of a file. */
export function problemOf(error: unknown): FileProblem {
	const { code, message, advice } = toErrorRecord(error);
	return { kind: kinds[code] ?? 'Unavailable', text: advice === undefined ? message : `${message} — ${advice}` };
}
