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
	/** Other folders whose runs are listed too. */
	readonly others: readonly string[];
}

/** Runs of root itself, such as those that the system's scheduler starts. Everybody may read them. */
export const systemRuns = '/var/lib/afterimage/runs';

/**
 * Where runs are kept: `AFTERIMAGE_DATA` when it is set; on Linux otherwise `$XDG_DATA_HOME/afterimage/runs`
 * (`~/.local/share` without it) of the user, of the invoking user when rights were gained by pkexec or sudo, and
 * {@link systemRuns} for root; `%LOCALAPPDATA%` on Windows; `~/Library/Application Support` on macOS.
 */
export function runsPlace({ platform, env, uid, home, invoker }: PlaceFacts): RunsPlace {
	const told = env['AFTERIMAGE_DATA'];
	if (told !== undefined && told !== '') return { folder: join(told, 'runs'), owner: undefined, others: [] };
	if (platform === 'win32') {
		const data = env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
		return { folder: win32.join(data, 'Afterimage', 'runs'), owner: undefined, others: [] };
	}
	if (platform === 'darwin') {
		const data = posix.join(home, 'Library', 'Application Support');
		return { folder: posix.join(data, 'Afterimage', 'runs'), owner: undefined, others: [] };
	}
	const standard = (of: string) => posix.join(of, '.local', 'share', 'afterimage', 'runs');
	if (invoker !== undefined) return { folder: standard(invoker.home), owner: invoker, others: [systemRuns] };
	if (uid === 0) return { folder: systemRuns, owner: undefined, others: [] };
	// The engine that pkexec or sudo started knows the home of its user, not the user's variables.
	const data = env['XDG_DATA_HOME'];
	const own = data?.startsWith('/') === true ? posix.join(data, 'afterimage', 'runs') : standard(home);
	return {
		folder: own,
		owner: undefined,
		others: own === standard(home) ? [systemRuns] : [standard(home), systemRuns],
	};
}
