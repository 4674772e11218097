import { AfterimageError, type ErrorCode } from '../../../src/base/errors.ts';

/** Codes of GetLastError (System Error Codes, winerror.h) that are told apart here. */
export const win32 = {
	invalidFunction: 1,
	fileNotFound: 2,
	pathNotFound: 3,
	accessDenied: 5,
	invalidHandle: 6,
	invalidDrive: 15,
	noMoreFiles: 18,
	writeProtect: 19,
	badUnit: 20,
	notReady: 21,
	crc: 23,
	sectorNotFound: 27,
	sharingViolation: 32,
	lockViolation: 33,
	notSupported: 50,
	badNetPath: 53,
	deviceNotExist: 55,
	badDeviceType: 66,
	invalidParameter: 87,
	diskFull: 112,
	insufficientBuffer: 122,
	busy: 170,
	filenameExcedRange: 206,
	moreData: 234,
	unrecognizedVolume: 1005,
	noMediaInDrive: 1112,
	ioDevice: 1117,
	deviceNotConnected: 1167,
} as const;

type Missing = 'source-missing' | 'destination-missing';

/** What a code means: our own code (`missing` = what the caller says for a thing that is not there), and words. */
const meanings = new Map<number, readonly [ErrorCode | 'missing', string]>([
	[win32.invalidFunction, ['not-supported', 'the device does not know the request']],
	[win32.fileNotFound, ['missing', 'it is not there']],
	[win32.pathNotFound, ['missing', 'its path is not there']],
	[win32.accessDenied, ['permission-denied', 'access is denied']],
	[win32.invalidDrive, ['missing', 'there is no such drive']],
	[win32.writeProtect, ['permission-denied', 'it is write-protected']],
	[win32.badUnit, ['missing', 'there is no such device']],
	[win32.notReady, ['missing', 'the device is not ready']],
	[win32.crc, ['read-error', 'the data fails its check (CRC)']],
	[win32.sectorNotFound, ['read-error', 'the sector is not found']],
	[win32.sharingViolation, ['target-in-use', 'another process uses it']],
	[win32.lockViolation, ['target-in-use', 'another process has locked a part of it']],
	[win32.notSupported, ['not-supported', 'the device or its driver does not support the request']],
	[win32.badNetPath, ['missing', 'the network path is not there']],
	[win32.deviceNotExist, ['missing', 'the device or share has gone']],
	[win32.diskFull, ['no-space', 'the disk is full']],
	[win32.busy, ['target-in-use', 'it is busy']],
	[win32.filenameExcedRange, ['invalid-argument', 'its path is too long']],
	[win32.unrecognizedVolume, ['not-supported', 'it has no file system that Windows knows']],
	[win32.noMediaInDrive, ['missing', 'there is no medium in the drive']],
	[win32.ioDevice, ['read-error', 'the device reports an error']],
	[win32.deviceNotConnected, ['missing', 'the device is not connected']],
]);

const advices: Partial<Record<ErrorCode, string>> = {
	'permission-denied': 'Run it as administrator, or choose a path that you may use.',
	'target-in-use': 'Close the programs that use it, also windows of the Explorer that show it.',
};

/** Of a disk that may not be written: Windows sets the attribute itself on disks that it keeps offline (SAN policy). */
export const protectedAdvice =
	'Take the write protection off the disk: by its switch, or in diskpart by "online disk" and "attributes disk clear readonly".';

/** Words for a code of GetLastError, with its number where there are none. */
export function phraseOf(code: number): string {
	return meanings.get(code)?.[1] ?? `error ${code} of Windows`;
}

/**
 * A call on a path that failed.
 * @param missing the code for a path that is not there
 */
export function win32Failure(code: number, path: string, missing: Missing): AfterimageError {
	const meaning = meanings.get(code)?.[0] ?? 'failed';
	const ours = meaning === 'missing' ? missing : meaning;
	const advice = code === win32.writeProtect ? protectedAdvice : advices[ours];
	return new AfterimageError(ours, `${path}: ${phraseOf(code)}`, {
		details: { path, system: code },
		...(advice === undefined ? {} : { advice }),
	});
}
