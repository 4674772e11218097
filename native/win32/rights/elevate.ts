import { windowsArgument, withVariable } from '../../../src/base/windows-command-line.ts';
import { phraseOf } from '../api/errors.ts';
import { closeHandle, getExitCodeProcess } from '../api/kernel32.ts';
import { currentUser } from './security.ts';
import { ERROR_CANCELLED, runAsAdministrator } from '../api/shell32.ts';
import { systemFolder } from '../api/system-library.ts';

const STILL_ACTIVE = 259;
const pauseMilliseconds = 100;

/** How a start with administrator rights went. */
export type Elevation =
	| { readonly kind: 'refused' }
	| { readonly kind: 'failed'; readonly reason: string }
	/** `ended` settles with the exit code when the process has ended. */
	| { readonly kind: 'started'; readonly ended: Promise<number> };

/**
 * Runs the engine's script by this process's own runtime, with administrator rights; it is told for whom, since another
 * account may give them. The new process has none of this one's environment, so that Electron is told by cmd.exe to
 * behave as Node.
 */
export function elevate(script: readonly string[]): Elevation {
	const args = [...script, '--user', currentUser()];
	const folder = systemFolder();
	const electron = process.versions['electron'] !== undefined;
	const [program, parameters] = electron
		? [`${folder}\\cmd.exe`, withVariable('ELECTRON_RUN_AS_NODE', '1', [process.execPath, ...args])]
		: [process.execPath, args.map(windowsArgument).join(' ')];
	const started = runAsAdministrator(program, parameters, folder);
	if ('handle' in started) return { kind: 'started', ended: endOf(started.handle) };
	return started.code === ERROR_CANCELLED ? { kind: 'refused' } : { kind: 'failed', reason: phraseOf(started.code) };
}

async function endOf(handle: number): Promise<number> {
	const code = new Uint32Array(1);
	try {
		for (;;) {
			if (getExitCodeProcess(handle, code) === 0) return STILL_ACTIVE;
			if (code[0] !== STILL_ACTIVE) return code[0]!;
			await new Promise((again) => setTimeout(again, pauseMilliseconds));
		}
	} finally {
		closeHandle(handle);
	}
}
