import koffi from 'koffi';
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AfterimageError } from '../../../src/base/errors.ts';
import { parseSecurityDescriptor, sidText, type SecurityDescriptor } from '../../../src/base/security-descriptor.ts';
import { openFailure } from '../../../src/engine/ports/system-errors.ts';
import { openProcessToken } from '../api/advapi32.ts';
import { win32, win32Failure } from '../api/errors.ts';
import { closeHandle, getCurrentProcess, getLastError } from '../api/kernel32.ts';
import { systemLibrary } from '../api/system-library.ts';
import { wideText } from '../api/wide-text.ts';

/** Calls of advapi32.dll around owners and access control lists, as Microsoft's pages of each have them. */
const library = systemLibrary('advapi32.dll');

const getFileSecurity = library.func('__stdcall', 'GetFileSecurityW', 'int', [
	'str16',
	'uint32',
	'void *',
	'uint32',
	'void *',
]) as (path: string, what: number, descriptor: Uint8Array | null, room: number, needed: Uint32Array) => number;
const convertStringToDescriptor = library.func(
	'__stdcall',
	'ConvertStringSecurityDescriptorToSecurityDescriptorW',
	'int',
	['str16', 'uint32', 'void *', 'void *'],
) as (text: string, revision: number, descriptor: BigUint64Array, size: null) => number;
const getDescriptorDacl = library.func('__stdcall', 'GetSecurityDescriptorDacl', 'int', [
	'void *',
	'void *',
	'void *',
	'void *',
]) as (descriptor: bigint, present: Uint32Array, list: BigUint64Array, defaulted: Uint32Array) => number;
const getDescriptorOwner = library.func('__stdcall', 'GetSecurityDescriptorOwner', 'int', [
	'void *',
	'void *',
	'void *',
]) as (descriptor: bigint, owner: BigUint64Array, defaulted: Uint32Array) => number;
const setNamedSecurityInfo = library.func('__stdcall', 'SetNamedSecurityInfoW', 'uint32', [
	'str16',
	'int',
	'uint32',
	'void *',
	'void *',
	'void *',
	'void *',
]) as (
	path: string,
	kind: number,
	what: number,
	owner: bigint | null,
	group: null,
	list: bigint | null,
	audit: null,
) => number;
const getTokenInformation = library.func('__stdcall', 'GetTokenInformation', 'int', [
	'intptr_t',
	'int',
	'void *',
	'uint32',
	'void *',
]) as (token: number, kind: number, information: Uint8Array, room: number, needed: Uint32Array) => number;
const convertStringToSid = library.func('__stdcall', 'ConvertStringSidToSidW', 'int', ['str16', 'void *']) as (
	text: string,
	sid: BigUint64Array,
) => number;
const lookupAccountSid = library.func('__stdcall', 'LookupAccountSidW', 'int', [
	'void *',
	'void *',
	'void *',
	'void *',
	'void *',
	'void *',
	'void *',
]) as (
	system: null,
	sid: bigint,
	name: Uint16Array,
	nameRoom: Uint32Array,
	domain: Uint16Array,
	domainRoom: Uint32Array,
	use: Uint32Array,
) => number;
const localFree = koffi.load('kernel32.dll').func('void * __stdcall LocalFree(void *memory)') as (
	memory: bigint,
) => bigint;

const OWNER_SECURITY_INFORMATION = 0x1;
const DACL_SECURITY_INFORMATION = 0x4;
const PROTECTED_DACL_SECURITY_INFORMATION = 0x80000000;
const SE_FILE_OBJECT = 1;
const SDDL_REVISION_1 = 1;
const TOKEN_QUERY = 0x8;
const TokenUser = 1;
/** An access control list has 64 KiB at most; owner and head come to it. */
const mostBytes = 128 * 1024;

/** @throws AfterimageError `source-missing`, `permission-denied`, `structure-damaged` */
export function securityOf(path: string): SecurityDescriptor {
	const needed = new Uint32Array(1);
	const what = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
	for (let room = 1024; ; room = needed[0]!) {
		const bytes = new Uint8Array(room);
		if (getFileSecurity(path, what, bytes, room, needed) !== 0) return parseSecurityDescriptor(bytes);
		const code = getLastError();
		if (code !== win32.insufficientBuffer || needed[0]! <= room || needed[0]! > mostBytes) {
			throw win32Failure(code, path, 'source-missing');
		}
	}
}

/**
 * Leaves a file or folder to the user, SYSTEM and the administrators alone, whatever the folder above says; the user
 * takes it over where it belongs to somebody else. What lies in a folder inherits the same.
 * @throws AfterimageError `permission-denied`, `source-missing`
 */
export function restrictToSelf(path: string): void {
	const self = currentUser();
	const inherit = isFolder(path) ? 'OICI' : '';
	const list = ['SY', 'BA', self].map((sid) => `(A;${inherit};FA;;;${sid})`).join('');
	withDescriptor(`O:${self}D:P${list}`, (descriptor) => {
		const [present, defaulted] = [new Uint32Array(1), new Uint32Array(1)];
		const [dacl, owner] = [new BigUint64Array(1), new BigUint64Array(1)];
		getDescriptorDacl(descriptor, present, dacl, defaulted);
		getDescriptorOwner(descriptor, owner, defaulted);
		const foreign = securityOf(path).owner !== self;
		// The list first: whoever may not take it over may still be its owner by a group.
		const rights = (DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION) >>> 0;
		const code =
			setNamedSecurityInfo(path, SE_FILE_OBJECT, rights, null, null, dacl[0]!, null) ||
			(foreign ? takeOver(path, owner[0]!) : 0);
		if (code !== 0) throw win32Failure(code, path, 'source-missing');
	});
}

function takeOver(path: string, owner: bigint): number {
	return setNamedSecurityInfo(path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, owner, null, null, null);
}

/** A descriptor in memory from its text (SDDL), for as long as `use` runs. */
function withDescriptor<T>(text: string, use: (descriptor: bigint) => T): T {
	const descriptor = new BigUint64Array(1);
	if (convertStringToDescriptor(text, SDDL_REVISION_1, descriptor, null) === 0) {
		throw new AfterimageError('failed', `Windows does not read the security descriptor ${text}: ${getLastError()}`);
	}
	try {
		return use(descriptor[0]!);
	} finally {
		localFree(descriptor[0]!);
	}
}

let self: string | undefined;

/** SID of the user who runs this process. */
export function currentUser(): string {
	if (self !== undefined) return self;
	const token = new BigInt64Array(1);
	if (openProcessToken(getCurrentProcess(), TOKEN_QUERY, token) === 0) throw noUser();
	try {
		// TOKEN_USER: a pointer into this very memory, behind its head.
		const memory = Buffer.alloc(256);
		if (getTokenInformation(Number(token[0]), TokenUser, memory, memory.length, new Uint32Array(1)) === 0)
			throw noUser();
		const at = Number(memory.readBigUInt64LE(0) - koffi.address(memory));
		return (self = sidText(memory, at, memory.length));
	} finally {
		closeHandle(Number(token[0]));
	}
}

function noUser(): AfterimageError {
	return new AfterimageError('failed', `Windows does not tell who runs this process: error ${getLastError()}`);
}

/** `PC\ada`, `Everyone`; the SID itself where Windows knows no name for it. */
export function accountName(sid: string): string {
	const pointer = new BigUint64Array(1);
	if (convertStringToSid(sid, pointer) === 0) return sid;
	try {
		const [name, domain] = [new Uint16Array(257), new Uint16Array(257)];
		const [nameRoom, domainRoom] = [Uint32Array.of(name.length), Uint32Array.of(domain.length)];
		const known = lookupAccountSid(null, pointer[0]!, name, nameRoom, domain, domainRoom, new Uint32Array(1));
		if (known === 0 || name[0] === 0) return sid;
		const place = wideText(domain);
		return place === '' ? wideText(name) : `${place}\\${wideText(name)}`;
	} finally {
		localFree(pointer[0]!);
	}
}

export function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
}

/** @throws AfterimageError `source-missing` */
export function realPath(path: string): string {
	try {
		return realpathSync(resolve(path));
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
}
