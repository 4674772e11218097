import { bytes, struct, u32 } from '../../../src/base/struct.ts';
import { adjustTokenPrivileges, lookupPrivilegeValue, openProcessToken } from '../api/advapi32.ts';
import { closeHandle, getCurrentProcess, getLastError } from '../api/kernel32.ts';

const TOKEN_QUERY = 0x8;
const TOKEN_ADJUST_PRIVILEGES = 0x20;
const SE_PRIVILEGE_ENABLED = 0x2;

/** With the one privilege that its array has here. */
const Privileges = struct('TOKEN_PRIVILEGES', 0x10, {
	privilegeCount: u32(0x00),
	luid: bytes(0x04, 8),
	attributes: u32(0x0c),
});

/**
 * Enables a right of this process that it has and that is off, as most are. A process without the right goes on: what
 * needs it fails then with the reason.
 * @param name such as `SeShutdownPrivilege`
 * @returns 0, or the code of GetLastError
 */
export function enablePrivilege(name: string): number {
	const state = new Uint8Array(Privileges.size);
	const request = new Privileges(state);
	if (lookupPrivilegeValue(null, name, state.subarray(0x04, 0x0c)) === 0) return getLastError();
	request.privilegeCount = 1;
	request.attributes = SE_PRIVILEGE_ENABLED;
	const token = new BigInt64Array(1);
	if (openProcessToken(getCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES, token) === 0) return getLastError();
	try {
		// It succeeds too where the process lacks the right: ERROR_NOT_ALL_ASSIGNED tells that, else the last error is 0.
		adjustTokenPrivileges(Number(token[0]), 0, state, 0, null, null);
		return getLastError();
	} finally {
		closeHandle(Number(token[0]));
	}
}
