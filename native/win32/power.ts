import { spawn } from 'node:child_process';
import { AfterimageError } from '../../src/base/errors.ts';
import type { PowerLevel, PowerPort } from '../../src/engine/ports/power-port.ts';
import { phraseOf } from './api/errors.ts';
import { getLastError, setThreadExecutionState } from './api/kernel32.ts';
import { systemFolder, systemLibrary } from './api/system-library.ts';
import { enablePrivilege } from './rights/privilege.ts';

const ES_SYSTEM_REQUIRED = 0x1;
const ES_CONTINUOUS = 0x80000000;

/** Who keeps the system awake: the state is one for the whole thread. */
let awake = 0;

export const win32Power: PowerPort = {
	/**
	 * Windows counts neither disks nor processors at work as use of the computer, and sleeps in the middle of a backup
	 * otherwise. The state ends with this thread.
	 */
	keepAwake() {
		if (awake++ === 0) setThreadExecutionState((ES_CONTINUOUS | ES_SYSTEM_REQUIRED) >>> 0);
		let held = true;
		return () => {
			if (held && --awake === 0) setThreadExecutionState(ES_CONTINUOUS);
			held = false;
		};
	},

	async shutDown(level, force) {
		if (level === 'suspend') return suspend();
		const args = shutdownArguments(level, force);
		const child = spawn(`${systemFolder()}\\shutdown.exe`, args, { stdio: 'ignore', windowsHide: true });
		const code = await new Promise<number | null>((done, fail) => {
			child.on('error', (error) => fail(failed(level, `shutdown.exe cannot be started: ${error.message}`)));
			child.on('close', done);
		});
		if (code !== 0) throw failed(level, `shutdown.exe ${args.join(' ')}: ${phraseOf(code ?? -1)}`);
	},
};

/** Of shutdown.exe. Without a delay no program is closed by force unless that is asked for. */
function shutdownArguments(level: Exclude<PowerLevel, 'suspend'>, force: boolean): string[] {
	const forced = force ? ['/f'] : [];
	return level === 'hibernate' ? ['/h', ...forced] : [level === 'reboot' ? '/r' : '/s', '/t', '0', ...forced];
}

/** shutdown.exe has no such word. The call comes back when the computer has woken up. */
function suspend(): void {
	const setSuspendState = systemLibrary('powrprof.dll').func('__stdcall', 'SetSuspendState', 'bool', [
		'bool',
		'bool',
		'bool',
	]) as (hibernate: boolean, force: boolean, noWakeUps: boolean) => boolean;
	const code = enablePrivilege('SeShutdownPrivilege');
	if (code !== 0) throw failed('suspend', phraseOf(code));
	if (!setSuspendState(false, false, false)) throw failed('suspend', phraseOf(getLastError()));
}

const deeds = { shutdown: 'shut down', hibernate: 'hibernated', suspend: 'put to sleep', reboot: 'restarted' } as const;

function failed(level: PowerLevel, reason: string): AfterimageError {
	return new AfterimageError('failed', `The computer could not be ${deeds[level]}: ${reason}`);
}
