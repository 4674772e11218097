import type { OpenPath } from '../../protocol/rights.ts';

/** What only calls of Windows can tell and change; the engine makes them for the extension. */
export interface WindowsRights {
	/** @throws AfterimageError what the engine threw */
	openPaths(path: string): Promise<readonly OpenPath[]>;
	restrict(paths: readonly string[]): Promise<void>;
}

let rights: WindowsRights | undefined;

/** Says, when the extension starts, who makes these calls. */
export function setWindowsRights(given: WindowsRights): void {
	rights = given;
}

export function windowsRights(): WindowsRights {
	if (rights === undefined) throw new Error('Nobody makes calls of Windows yet');
	return rights;
}
