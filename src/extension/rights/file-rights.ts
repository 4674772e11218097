import type { OpenPath } from '../../protocol/rights.ts';

/** Who may write files, as the system tells, and how that is taken from others. */
export interface FileRights {
	/**
	 * What of a file and the folders above it others than the user and administrators may write: whoever may, decides
	 * what the file says when it is used. Empty when nobody else may.
	 */
	openPaths(file: string): Promise<readonly OpenPath[]>;
	/**
	 * Takes from others the right to write these paths; an administrator also takes over what is another's.
	 * @throws AfterimageError `permission-denied` when the user may not do that
	 */
	restrict(paths: readonly OpenPath[]): Promise<void>;
}
