import { join, posix, win32 } from 'node:path';
import type { Account } from './account.ts';

/** What decides where runs are kept. */
export interface PlaceFacts {
	readonly platform: NodeJS.Platform;
	readonly env: NodeJS.ProcessEnv;
	/** Undefined where there are no user numbers. */
	readonly uid: number | undefined;
	readonly home: string;
	/** Who gained administrator rights for this process by pkexec or sudo. */
	readonly invoker: Account | undefined;
}

export interface RunsPlace {
	/** Folder of the runs that this process makes. */
	readonly folder: string;
	/** Its files belong to this user, in whose home it lies, though root writes them. */
	readonly owner: Account | undefined;
	/** Every user may read what has run; else the owner alone may. */
	readonly shared: boolean;
	/** Other folders whose runs are listed too. */
	readonly others: readonly string[];
}

export const systemRuns = '/var/lib/afterimage/runs';

/** Of root itself, such as the runs that the system's scheduler starts. */
export const systemPlace: RunsPlace = { folder: systemRuns, owner: undefined, shared: true, others: [] };

/**
 * Where runs are kept: `AFTERIMAGE_DATA` when it is set; on Linux otherwise `$XDG_DATA_HOME/afterimage/runs`
 * (`~/.local/share` without it) of the user, of the invoking user when rights were gained by pkexec or sudo, and
 * {@link systemPlace} for root; `%LOCALAPPDATA%` on Windows; `~/Library/Application Support` on macOS.
 */
export function runsPlace({ platform, env, uid, home, invoker }: PlaceFacts): RunsPlace {
	const told = env['AFTERIMAGE_DATA'];
	if (told !== undefined && told !== '') return own(join(told, 'runs'));
	if (platform === 'win32') {
		const data = env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
		return own(win32.join(data, 'Afterimage', 'runs'));
	}
	if (platform === 'darwin') {
		const data = posix.join(home, 'Library', 'Application Support');
		return own(posix.join(data, 'Afterimage', 'runs'));
	}
	const standard = (of: string) => posix.join(of, '.local', 'share', 'afterimage', 'runs');
	if (invoker !== undefined) {
		return { folder: standard(invoker.home), owner: invoker, shared: false, others: [systemRuns] };
	}
	if (uid === 0) return systemPlace;
	// The engine that pkexec or sudo started knows the home of its user, not the user's variables.
	const data = env['XDG_DATA_HOME'];
	const folder = data?.startsWith('/') === true ? posix.join(data, 'afterimage', 'runs') : standard(home);
	return own(folder, folder === standard(home) ? [systemRuns] : [standard(home), systemRuns]);
}

/** A place that this process's user has for himself. */
function own(folder: string, others: readonly string[] = []): RunsPlace {
	return { folder, owner: undefined, shared: false, others };
}
