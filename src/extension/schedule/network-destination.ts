import { realpathSync } from 'node:fs';
import type { BackupDefinition } from '../../definition/model.ts';
import { isUnc } from '../../definition/rules/paths.ts';

/** A destination on a server. */
export interface NetworkDestination {
	readonly folder: string;
	/** `\\server\share` behind the letter of a connected drive, which only whoever has connected it sees; undefined for a share by its name. */
	readonly share: string | undefined;
}

/**
 * The first destination of a definition that Windows reaches by the network: a task without a stored password has no
 * access to it (TASK_LOGON_S4U).
 * @param shareOf the share behind a drive such as `Z:\`
 */
export function networkDestination(
	{ destination }: BackupDefinition,
	shareOf: (drive: string) => string | undefined = connectedShare,
): NetworkDestination | undefined {
	const first = destination.folder === undefined ? [] : [destination.folder];
	for (const folder of [...first, ...destination.alternativeLocations.folders]) {
		if (isUnc(folder) || /^[\\/]{2}\?[\\/]UNC[\\/]/i.test(folder)) return { folder, share: undefined };
		const drive = /^([A-Za-z]:)[\\/]/.exec(folder)?.[1];
		const share = drive === undefined ? undefined : shareOf(`${drive}\\`);
		if (share !== undefined) return { folder, share };
	}
	return undefined;
}

function connectedShare(drive: string): string | undefined {
	if (process.platform !== 'win32') return undefined;
	try {
		const real = realpathSync.native(drive);
		return isUnc(real) ? real.replace(/\\$/, '') : undefined;
	} catch {
		return undefined;
	}
}
