import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ElevationFacts, LaunchFacts } from './launch-plan.ts';
import type { Meeting } from './meeting.ts';

/** What this machine and this process are, for the plans of launch-plan.ts. */
export function launchFacts(extensionPath: string, meeting: Meeting, askpass: string): LaunchFacts {
	return {
		platform: process.platform,
		runtime: process.execPath,
		electron: isElectron(),
		engineScript: join(extensionPath, 'dist', 'engine.mjs'),
		elevateScript: join(extensionPath, 'dist', 'elevate.mjs'),
		meetingPath: meeting.path,
		tokenFile:
			process.platform === 'win32'
				? join(process.env['LOCALAPPDATA'] ?? '.', `afterimage-${meeting.path.slice(-32)}`)
				: `${meeting.path}.token`,
		askpass,
	};
}

export function isElectron(): boolean {
	return process.versions['electron'] !== undefined;
}

export function isRoot(): boolean {
	return process.getuid?.() === 0;
}

export function elevationFacts(setting: ElevationFacts['setting']): ElevationFacts {
	return {
		platform: process.platform,
		root: isRoot(),
		hasPkexec: isProgram('pkexec'),
		hasSudo: isProgram('sudo'),
		graphical: process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined,
		setting,
	};
}

function isProgram(name: string): boolean {
	return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, name), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}
