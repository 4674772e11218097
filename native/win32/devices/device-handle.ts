import { AfterimageError } from '../../../src/base/errors.ts';
import { win32, win32Failure } from '../api/errors.ts';
import * as kernel32 from '../api/kernel32.ts';

const GENERIC_READ = 0x80000000;
const GENERIC_WRITE = 0x40000000;
const FILE_SHARE_READ = 1;
const FILE_SHARE_WRITE = 2;
const OPEN_EXISTING = 3;

/** Rights an open asks for. Questions (`ask`) need no more than the device to be there, so everybody may put them. */
export type Access = 'ask' | 'read' | 'write';
const rights: Record<Access, number> = { ask: 0, read: GENERIC_READ, write: (GENERIC_READ | GENERIC_WRITE) >>> 0 };

/** What a control code gave: the bytes, or the code of GetLastError. */
export type Answer =
	| { readonly ok: true; readonly bytes: Uint8Array }
	| { readonly ok: false; readonly code: number; readonly bytes: Uint8Array };

/** @returns the handle, which the caller closes, or the code of GetLastError */
export function openDevice(path: string, access: Access): { readonly handle: number } | { readonly code: number } {
	const share = FILE_SHARE_READ | FILE_SHARE_WRITE;
	const handle = kernel32.createFile(path, rights[access], share, null, OPEN_EXISTING, 0, null);
	return handle === kernel32.invalidHandle ? { code: kernel32.getLastError() } : { handle };
}

/**
 * Runs `use` with an open device and closes it.
 * @throws AfterimageError see {@link win32Failure}
 */
export function withDevice<T>(
	path: string,
	access: Access,
	missing: 'source-missing' | 'destination-missing',
	use: (handle: number) => T,
): T {
	const opened = openDevice(path, access);
	if ('code' in opened) throw win32Failure(opened.code, path, missing);
	try {
		return use(opened.handle);
	} finally {
		kernel32.closeHandle(opened.handle);
	}
}

/** Sends a control code. @param room bytes that the answer may have */
export function control(handle: number, code: number, input: Uint8Array | null, room: number): Answer {
	const output = room === 0 ? null : new Uint8Array(room);
	const returned = new Uint32Array(1);
	const ok = kernel32.deviceIoControl(handle, code, input, input?.length ?? 0, output, room, returned, null) !== 0;
	const error = ok ? 0 : kernel32.getLastError();
	// A driver that says to have given more than there was room for has given what there is.
	const bytes = output?.subarray(0, Math.min(room, returned[0]!)) ?? new Uint8Array(0);
	return ok ? { ok, bytes } : { ok, code: error, bytes };
}

const mostRoom = 1024 * 1024;

/** As {@link control}, with more room as long as the driver says that there is too little. */
export function controlOfAnyLength(handle: number, code: number, room: number): Answer {
	for (; ; room *= 4) {
		const answer = control(handle, code, null, room);
		const short = !answer.ok && (answer.code === win32.insufficientBuffer || answer.code === win32.moreData);
		if (!short || room >= mostRoom) return answer;
	}
}

/** The bytes of an answer. @throws AfterimageError see {@link win32Failure} */
export function must(answer: Answer, path: string): Uint8Array {
	if (answer.ok) return answer.bytes;
	const failure = win32Failure(answer.code, path, 'source-missing');
	throw failure.code === 'failed'
		? new AfterimageError('not-supported', failure.message, { details: failure.details })
		: failure;
}
