import koffi, { type LibraryHandle } from 'koffi';

/** kernel32.dll is one of the system's known libraries: its name alone always means the system's own. */
const getSystemDirectory = koffi
	.load('kernel32.dll')
	.func('__stdcall', 'GetSystemDirectoryW', 'uint32', ['void *', 'uint32']) as (text: Buffer, length: number) => number;

/** Windows' own folder of programs and libraries, for example `C:\Windows\system32`; no variable can change it. */
export function systemFolder(): string {
	const text = Buffer.alloc(2 * 261);
	const length = getSystemDirectory(text, 261);
	if (length === 0 || length > 260) throw new Error('The system does not tell its folder');
	return text.toString('utf16le', 0, length * 2);
}

/**
 * A library of the system by its full path: its name alone would be looked for beside the program and in the PATH
 * first, where others may have put one of the same name for an elevated process to load.
 */
export function systemLibrary(name: string): LibraryHandle {
	return koffi.load(`${systemFolder()}\\${name}`);
}
