import koffi from 'koffi';

/**
 * The calls of the C library that node:fs does not have. Those whose errno counts are made synchronously: koffi loses it
 * otherwise.
 * `load(null)` finds them in this very process, whichever C library it was built with.
 */
const library = koffi.load(null);

const ioctlPointer = library.func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)') as (
	fd: number,
	request: number,
	argument: Uint8Array | null,
) => number;
const flockCall = library.func('int flock(int fd, int operation)') as (fd: number, operation: number) => number;
const fallocateCall = library.func('int fallocate(int fd, int mode, int64_t offset, int64_t length)') as (
	fd: number,
	mode: number,
	offset: number,
	length: number,
) => number;
const syncfsCall = library.func('int syncfs(int fd)');

/** Requests of <linux/fs.h>. */
const BLKROGET = 0x125e;
const BLKRRPART = 0x125f;
const BLKFLSBUF = 0x1261;
const BLKSSZGET = 0x1268;
const BLKDISCARD = 0x1277;
const BLKPBSZGET = 0x127b;
const BLKGETSIZE64 = 0x80081272;

const LOCK_EX_NB = 2 | 4;
const EWOULDBLOCK = 11;
const EBUSY = 16;
const FALLOC_PUNCH_HOLE_KEEP_SIZE = 0x02 | 0x01;

function number32(fd: number, request: number): number | undefined {
	const value = new Uint8Array(8);
	return ioctlPointer(fd, request, value) < 0 ? undefined : new DataView(value.buffer).getUint32(0, true);
}

/** Size of a block device in bytes; undefined when the descriptor is none. */
export function blockDeviceSize(fd: number): number | undefined {
	const value = new Uint8Array(8);
	if (ioctlPointer(fd, BLKGETSIZE64, value) < 0) return undefined;
	return Number(new DataView(value.buffer).getBigUint64(0, true));
}

/** Bytes; undefined when the descriptor is no block device. */
export function logicalSectorSize(fd: number): number | undefined {
	return number32(fd, BLKSSZGET);
}

/** Bytes; undefined when the descriptor is no block device. */
export function physicalSectorSize(fd: number): number | undefined {
	return number32(fd, BLKPBSZGET);
}

/** Whether a block device refuses to be written. */
export function isReadOnly(fd: number): boolean {
	return number32(fd, BLKROGET) === 1;
}

/** Writes out and drops what the system has cached of the device. False without the right to do so. */
export function dropDeviceCache(fd: number): boolean {
	return ioctlPointer(fd, BLKFLSBUF, null) === 0;
}

/** Has the partition table of a device read anew; false while one of its partitions is in use. */
export function rereadPartitions(fd: number): boolean {
	// Devices that have no partitions, as loop devices may be told to, refuse with EINVAL: they have nothing to read.
	return ioctlPointer(fd, BLKRRPART, null) === 0 || koffi.errno() !== EBUSY;
}

/** False when the device has no discard. Offset and length are multiples of its sector. */
export function discardRange(fd: number, offset: number, length: number): boolean {
	const range = new Uint8Array(16);
	const view = new DataView(range.buffer);
	view.setBigUint64(0, BigInt(offset), true);
	view.setBigUint64(8, BigInt(length), true);
	return ioctlPointer(fd, BLKDISCARD, range) === 0;
}

/** Takes the exclusive advisory lock without waiting; false when another descriptor holds it. */
export function lockExclusive(fd: number): boolean {
	return flockCall(fd, LOCK_EX_NB) === 0 || koffi.errno() !== EWOULDBLOCK;
}

/** False when the file system cannot make holes. */
export function punchHole(fd: number, offset: number, length: number): boolean {
	return fallocateCall(fd, FALLOC_PUNCH_HOLE_KEEP_SIZE, offset, length) === 0;
}

/** Writes out all that the file system of the descriptor has not yet, on another thread: it may take minutes. */
export function syncFileSystem(fd: number): Promise<void> {
	return new Promise((done) => void syncfsCall.async(fd, () => done()));
}
