import { getTokenInformation, openProcessToken } from '../api/advapi32.ts';
import { closeHandle, getCurrentProcess } from '../api/kernel32.ts';

const TOKEN_QUERY = 0x8;
const TokenElevation = 20;

/** Whether this process has the full rights of an administrator, which User Account Control gives when it is asked. */
export function isElevated(): boolean {
	const token = new BigInt64Array(1);
	if (openProcessToken(getCurrentProcess(), TOKEN_QUERY, token) === 0) return false;
	const [elevation, needed] = [new Uint32Array(1), new Uint32Array(1)];
	const known = getTokenInformation(Number(token[0]), TokenElevation, elevation, elevation.byteLength, needed) !== 0;
	closeHandle(Number(token[0]));
	return known && elevation[0] !== 0;
}
