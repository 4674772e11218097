import { isAfterimageError } from '../../../../src/base/errors.ts';

/** The message of what is thrown, when it is an error of ours. */
export async function messageOf(run: () => unknown): Promise<string> {
	try {
		await run();
		return 'nothing thrown';
	} catch (error) {
		return isAfterimageError(error) ? `${error.code}: ${error.message}` : `not ours: ${String(error)}`;
	}
}
