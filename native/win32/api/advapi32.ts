import koffi from 'koffi';

/** Calls of advapi32.dll: tokens and the registry. */
const library = koffi.load('advapi32.dll');

export const openProcessToken: (process: number, access: number, token: BigInt64Array) => number = library.func(
	'int __stdcall OpenProcessToken(intptr_t process, uint32_t access, void *token)',
);

export const getTokenInformation: (
	token: number,
	kind: number,
	information: Uint32Array,
	length: number,
	needed: Uint32Array,
) => number = library.func(
	'int __stdcall GetTokenInformation(intptr_t token, int kind, void *information, uint32_t length, void *needed)',
);

export const lookupPrivilegeValue: (system: null, name: string, luid: Uint8Array) => number = library.func(
	'int __stdcall LookupPrivilegeValueW(str16 system, str16 name, void *luid)',
);

export const adjustTokenPrivileges: (
	token: number,
	disableAll: number,
	state: Uint8Array,
	room: number,
	previous: null,
	needed: null,
) => number = library.func(
	'int __stdcall AdjustTokenPrivileges(intptr_t token, int disableAll, void *state, uint32_t room, void *previous, void *needed)',
);

export const regGetValue: (
	key: number,
	path: string,
	name: string,
	flags: number,
	type: null,
	data: Uint16Array,
	bytes: Uint32Array,
) => number = library.func(
	'int32_t __stdcall RegGetValueW(intptr_t key, str16 path, str16 name, uint32_t flags, void *type, void *data, void *bytes)',
);
