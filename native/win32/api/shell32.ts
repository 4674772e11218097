import koffi from 'koffi';
import { getLastError } from './kernel32.ts';
import { coInitialize } from './ole32.ts';
import { systemLibrary } from './system-library.ts';

/** SHELLEXECUTEINFOW of shellapi.h, 112 bytes with 64-bit pointers; the union with hMonitor is left at zero. */
const ShellExecuteInfo = koffi.struct('SHELLEXECUTEINFOW', {
	cbSize: 'uint32',
	fMask: 'uint32',
	hwnd: 'intptr_t',
	lpVerb: 'str16',
	lpFile: 'str16',
	lpParameters: 'str16',
	lpDirectory: 'str16',
	nShow: 'int32',
	hInstApp: 'intptr_t',
	lpIDList: 'intptr_t',
	lpClass: 'intptr_t',
	hkeyClass: 'intptr_t',
	dwHotKey: 'uint32',
	hIcon: 'intptr_t',
	hProcess: 'intptr_t',
});

const shellExecuteEx = systemLibrary('shell32.dll').func('__stdcall', 'ShellExecuteExW', 'int', [
	koffi.inout(koffi.pointer(ShellExecuteInfo)),
]) as (info: object) => number;

const COINIT_APARTMENTTHREADED = 0x2;
const COINIT_DISABLE_OLE1DDE = 0x4;
const SEE_MASK_NOCLOSEPROCESS = 0x40;
const SEE_MASK_NOASYNC = 0x100;
const SEE_MASK_FLAG_NO_UI = 0x400;
const SW_HIDE = 0;

/** Code of GetLastError when a person has refused to give the rights. */
export const ERROR_CANCELLED = 1223;

/**
 * Starts a program with administrator rights (verb `runas`): Windows asks the person, and this thread waits meanwhile.
 * The call wants a single-threaded apartment, so that this thread cannot use VSS afterwards.
 * @param parameters command line without the program
 * @param folder where it begins: none that others may write
 * @returns a handle of the process, which the caller closes, or the code of GetLastError
 */
export function runAsAdministrator(
	program: string,
	parameters: string,
	folder: string,
): { readonly handle: number } | { readonly code: number } {
	coInitialize(null, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
	const info = {
		cbSize: koffi.sizeof(ShellExecuteInfo),
		fMask: SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI,
		hwnd: 0,
		lpVerb: 'runas',
		lpFile: program,
		lpParameters: parameters,
		lpDirectory: folder,
		nShow: SW_HIDE,
		hInstApp: 0,
		lpIDList: 0,
		lpClass: 0,
		hkeyClass: 0,
		dwHotKey: 0,
		hIcon: 0,
		hProcess: 0,
	};
	if (shellExecuteEx(info) === 0) return { code: getLastError() };
	return { handle: info.hProcess };
}
