import { unnamedError } from './unnamed-errors.ts';

/** The system's name of an error (`ENOENT`), or undefined when the value is not an error of the system. */
export function systemCode(error: unknown): string | undefined {
	if (!(error instanceof Error) || !('code' in error)) return undefined;
	if (typeof error.code !== 'string') return undefined;
	return unnamedError(error)?.name ?? error.code;
}
