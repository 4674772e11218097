import { hostname } from 'node:os';
import type { ProcessIdentity, ProcessPort } from '../../src/engine/ports.ts';
import { win32 } from './api/errors.ts';
import * as kernel32 from './api/kernel32.ts';

const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const STILL_ACTIVE = 259;

/**
 * When a process was made, in units of 100 ns since 1601: no two of a machine share it and a number. Undefined when the
 * process has ended; empty when it is there and may not be asked.
 */
function startedOf(pid: number): string | undefined {
	const handle = kernel32.openProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid);
	if (handle === 0) return kernel32.getLastError() === win32.accessDenied ? '' : undefined;
	try {
		// A process that has ended is there as long as somebody holds a handle of it.
		const code = new Uint32Array(1);
		if (kernel32.getExitCodeProcess(handle, code) === 0 || code[0] !== STILL_ACTIVE) return undefined;
		const [creation, other] = [new BigUint64Array(1), new BigUint64Array(1)];
		return kernel32.getProcessTimes(handle, creation, other, other, other) === 0 ? '' : String(creation[0]);
	} finally {
		kernel32.closeHandle(handle);
	}
}

export const win32Processes: ProcessPort = {
	self: () => ({ host: hostname(), pid: process.pid, started: startedOf(process.pid) ?? '' }),
	isAlive(other: ProcessIdentity) {
		if (other.host !== hostname()) return undefined;
		const started = startedOf(other.pid);
		// Of a process of somebody else with more rights only the number is known, and that it is there.
		return started === '' || started === other.started;
	},
};
