import { systemLibrary } from './system-library.ts';

/** Calls of ole32.dll, as Microsoft's documentation of each has them. They return an HRESULT, signed. */
const library = systemLibrary('ole32.dll');

export const coInitialize = library.func('__stdcall', 'CoInitializeEx', 'int32', ['void *', 'uint32']) as (
	reserved: null,
	kind: number,
) => number;

export const coInitializeSecurity = library.func('__stdcall', 'CoInitializeSecurity', 'int32', [
	'void *',
	'int32',
	'void *',
	'void *',
	'uint32',
	'uint32',
	'void *',
	'uint32',
	'void *',
]) as (...args: (number | null)[]) => number;
