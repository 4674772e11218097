import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity, ProcessPort } from '../../src/engine/ports.ts';

/**
 * Boot id and start time in clock ticks since boot (proc(5), stat field 22): no two processes of a machine share both and a
 * number. Undefined for a process that is not there, or dead.
 */
export function startedOf(pid: number): string | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		// The name in parentheses may itself hold spaces and parentheses; field 3 follows the last one.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		// A dead process that its parent has not reaped yet.
		if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
		const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
		return `${boot}/${fields[19] ?? ''}`;
	} catch {
		return undefined;
	}
}

/**
 * Tells machines of one name apart, such as copies of a virtual machine; empty where a system has no id. Only a digest goes into
 * files that others may read (machine-id(5)).
 */
function machine(): string {
	try {
		const id = readFileSync('/etc/machine-id', 'latin1').trim();
		return /^[0-9a-f]{32}$/.test(id) ? createHmac('sha256', id).update('afterimage').digest('hex').slice(0, 16) : '';
	} catch {
		return '';
	}
}

export const linuxProcesses: ProcessPort = {
	self: () => ({ host: hostname(), pid: process.pid, started: `${machine()}/${startedOf(process.pid) ?? ''}` }),
	isAlive(other: ProcessIdentity) {
		if (other.host !== hostname()) return undefined;
		const [, theirs = '', started = other.started] = /^([0-9a-f]{16}|)\/(.+)$/.exec(other.started) ?? [];
		const own = machine();
		if (theirs !== '' && own !== '' && theirs !== own) return undefined;
		return startedOf(other.pid) === started;
	},
};
