import koffi from 'koffi';

/**
 * Calls of kernel32.dll, as Microsoft's documentation of each has them. All are made synchronously: koffi loses the last
 * error otherwise. A handle is a number here: those of the kernel fit 32 bits, and -1 is the invalid one.
 */
const library = koffi.load('kernel32.dll');

export const invalidHandle = -1;

export const getLastError: () => number = library.func('uint32_t __stdcall GetLastError()');

export const createFile: (
	path: string,
	access: number,
	share: number,
	security: null,
	disposition: number,
	flags: number,
	template: null,
) => number = library.func(
	'intptr_t __stdcall CreateFileW(str16 path, uint32_t access, uint32_t share, void *security, uint32_t disposition, uint32_t flags, void *template)',
);

export const closeHandle: (handle: number) => number = library.func('int __stdcall CloseHandle(intptr_t handle)');

export const deviceIoControl: (
	handle: number,
	code: number,
	input: Uint8Array | null,
	inputLength: number,
	output: Uint8Array | null,
	outputLength: number,
	returned: Uint32Array,
	overlapped: null,
) => number = library.func(
	'int __stdcall DeviceIoControl(intptr_t handle, uint32_t code, void *input, uint32_t inputLength, void *output, uint32_t outputLength, void *returned, void *overlapped)',
);

export const queryDosDevice: (name: string | null, target: Uint16Array, room: number) => number = library.func(
	'uint32_t __stdcall QueryDosDeviceW(str16 name, void *target, uint32_t room)',
);

export const findFirstVolume: (name: Uint16Array, room: number) => number = library.func(
	'intptr_t __stdcall FindFirstVolumeW(void *name, uint32_t room)',
);
export const findNextVolume: (search: number, name: Uint16Array, room: number) => number = library.func(
	'int __stdcall FindNextVolumeW(intptr_t search, void *name, uint32_t room)',
);
export const findVolumeClose: (search: number) => number = library.func(
	'int __stdcall FindVolumeClose(intptr_t search)',
);

export const getVolumePathNamesForVolumeName: (
	volume: string,
	names: Uint16Array,
	room: number,
	needed: Uint32Array,
) => number = library.func(
	'int __stdcall GetVolumePathNamesForVolumeNameW(str16 volume, void *names, uint32_t room, void *needed)',
);

export const getVolumeNameForVolumeMountPoint: (mountPoint: string, volume: Uint16Array, room: number) => number =
	library.func('int __stdcall GetVolumeNameForVolumeMountPointW(str16 mountPoint, void *volume, uint32_t room)');

export const getVolumePathName: (path: string, mountPoint: Uint16Array, room: number) => number = library.func(
	'int __stdcall GetVolumePathNameW(str16 path, void *mountPoint, uint32_t room)',
);

export const getVolumeInformation: (
	root: string,
	label: null,
	labelRoom: number,
	serial: null,
	maximumNameLength: null,
	flags: Uint32Array,
	fileSystem: Uint16Array,
	fileSystemRoom: number,
) => number = library.func(
	'int __stdcall GetVolumeInformationW(str16 root, void *label, uint32_t labelRoom, void *serial, void *maximumNameLength, void *flags, void *fileSystem, uint32_t fileSystemRoom)',
);

export const getDiskFreeSpace: (
	folder: string,
	freeToCaller: BigUint64Array,
	total: BigUint64Array,
	free: null,
) => number = library.func(
	'int __stdcall GetDiskFreeSpaceExW(str16 folder, void *freeToCaller, void *total, void *free)',
);

export const getDriveType: (root: string) => number = library.func('uint32_t __stdcall GetDriveTypeW(str16 root)');

export const getSystemWindowsDirectory: (folder: Uint16Array, room: number) => number = library.func(
	'uint32_t __stdcall GetSystemWindowsDirectoryW(void *folder, uint32_t room)',
);

export const setThreadExecutionState: (flags: number) => number = library.func(
	'uint32_t __stdcall SetThreadExecutionState(uint32_t flags)',
);

export const openProcess: (access: number, inherit: number, pid: number) => number = library.func(
	'intptr_t __stdcall OpenProcess(uint32_t access, int inherit, uint32_t pid)',
);

export const getCurrentProcess: () => number = library.func('intptr_t __stdcall GetCurrentProcess()');

export const getExitCodeProcess: (process: number, code: Uint32Array) => number = library.func(
	'int __stdcall GetExitCodeProcess(intptr_t process, void *code)',
);

export const getProcessTimes: (
	process: number,
	creation: BigUint64Array,
	exit: BigUint64Array,
	kernel: BigUint64Array,
	user: BigUint64Array,
) => number = library.func(
	'int __stdcall GetProcessTimes(intptr_t process, void *creation, void *exit, void *kernel, void *user)',
);
