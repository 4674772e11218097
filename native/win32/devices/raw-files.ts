import { struct, u64 } from '../../../src/base/struct.ts';
import type { FileCalls } from '../../../src/engine/ports/raw-file.ts';
import { codes } from './control-codes.ts';
import { control } from './device-handle.ts';
import { handleOf } from '../api/node-exe.ts';

/** Opens alone: libuv asks Windows for no share mode then (UV_FS_O_EXLOCK), which node:fs has no name for. */
export const openAlone = 0x10000000;

const Zeros = struct('FILE_ZERO_DATA_INFORMATION', 0x10, { fileOffset: u64(0x00), beyondFinalZero: u64(0x08) });

/** Raw disk files: the share mode of the open is the lock, and free space is made holes of. */
export const win32FileCalls: FileCalls = {
	lock: () => true,
	openFlags: openAlone,
	makeSparse: (fd) => void setSparse(fd),
	punchHole(fd, offset, length) {
		if (!setSparse(fd)) return false;
		const range = new Zeros(new Uint8Array(Zeros.size));
		range.fileOffset = offset;
		range.beyondFinalZero = offset + length;
		return control(handleOf(fd), codes.setZeroData, range.bytes, 0).ok;
	},
};

/** False on file systems without sparse files (FAT, exFAT). */
function setSparse(fd: number): boolean {
	return control(handleOf(fd), codes.setSparse, null, 0).ok;
}
