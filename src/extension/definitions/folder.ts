import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface FolderFacts {
	readonly platform: NodeJS.Platform;
	readonly home: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The setting `afterimage.definitionsFolder`; empty for the default. */
	readonly setting: string;
}

/** Folder of the user's definitions: the setting, else where the platform keeps such documents. */
export function definitionsFolder({ platform, home, env, setting }: FolderFacts): string {
	if (setting !== '') return setting.replace(/^~(?=$|[/\\])/, home);
	if (platform === 'win32' || platform === 'darwin') return join(home, 'Documents', 'Afterimage');
	// XDG Base Directory Specification: a value that is not absolute is ignored.
	const data = env['XDG_DATA_HOME'];
	return join(data?.startsWith('/') === true ? data : join(home, '.local', 'share'), 'afterimage', 'definitions');
}

export function folderFacts(setting: string): FolderFacts {
	return { platform: process.platform, home: homedir(), env: process.env, setting };
}

/** Makes the folder when it is not there, so that only the user (and administrators) may enter and write it. */
export function prepareFolder(folder: string): void {
	const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
	// On Windows a folder in the user's profile inherits: the user, Administrators, SYSTEM.
	if (made !== undefined && process.platform !== 'win32' && (statSync(folder).mode & 0o777) !== 0o700) {
		chmodSync(folder, 0o700);
	}
}
