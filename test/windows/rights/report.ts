import koffi from 'koffi';
import { parseSecurityDescriptor } from '../../../src/base/security-descriptor.ts';
import { accountName, currentUser, restrictToSelf, securityOf } from '../../../native/win32/rights/security.ts';
import { openPathsOf, windowsPermissions } from '../../../src/engine/definition-run/permissions/windows-permissions.ts';
import { toErrorRecord } from '../../../src/base/errors.ts';

/** Runs under Wine: what Windows' calls give, as JSON. Arguments: the text of a security descriptor (SDDL), and a file. */
const [text = '', file = '', restrict = ''] = process.argv.slice(2);

/** The descriptor as Windows lays it out in memory. */
function bytesOf(sddl: string): Uint8Array {
	const convert = koffi
		.load('advapi32.dll')
		.func('__stdcall', 'ConvertStringSecurityDescriptorToSecurityDescriptorW', 'int', [
			'str16',
			'uint32',
			'void *',
			'void *',
		]) as (text: string, revision: number, descriptor: BigUint64Array, size: Uint32Array) => number;
	const [pointer, size] = [new BigUint64Array(1), new Uint32Array(1)];
	if (convert(sddl, 1, pointer, size) === 0) throw new Error(`${sddl} is not understood`);
	return Uint8Array.from(koffi.decode(pointer[0]!, koffi.array('uint8', size[0]!)) as number[]);
}

const descriptor = parseSecurityDescriptor(bytesOf(text));
const inMemory = {
	users: [currentUser()],
	realPath: (path: string) => path,
	isFolder: () => false,
	securityOf: () => descriptor,
	nameOf: (sid: string) => sid,
};
const result: Record<string, unknown> = {
	descriptor,
	objection: windowsPermissions({ ...inMemory, users: ['S-1-5-21-1-2-3-1001'] }).writableByOthers('x:\\'),
	open: openPathsOf('x:\\', inMemory),
	self: currentUser(),
	everyone: accountName('S-1-1-0'),
	nobody: accountName('S-1-5-21-1-2-3-4'),
	file: securityOf(file),
};
if (restrict !== '') {
	restrictToSelf(file);
	result['restricted'] = securityOf(file);
}
try {
	securityOf(`${file}.none`);
} catch (error) {
	result['missing'] = toErrorRecord(error).code;
}
console.log(JSON.stringify(result));
