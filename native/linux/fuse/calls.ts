import koffi from 'koffi';

/** Calls of the C library that mounting needs. Those whose errno counts are made synchronously; see ../libc.ts. */
const library = koffi.load(null);

const mountCall = library.func(
	'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
) as (source: string, target: string, type: string, flags: number, data: string) => number;
const unmountCall = library.func('int umount2(const char *target, int flags)') as unknown as {
	async(target: string, flags: number, done: (error: Error | null, result: number) => void): void;
};
const pollCall = library.func('int poll(uint8_t *fds, unsigned long count, int timeout)') as unknown as {
	(fds: Uint8Array, count: number, timeout: number): number;
	async(fds: Uint8Array, count: number, timeout: number, done: () => void): void;
};
const eventCall = library.func('int eventfd(unsigned int value, int flags)') as (
	value: number,
	flags: number,
) => number;
const pairCall = library.func('int socketpair(int domain, int type, int protocol, _Out_ int *pair)') as (
	domain: number,
	type: number,
	protocol: number,
	pair: number[],
) => number;
const fcntlCall = library.func('int fcntl(int fd, int command, ...)') as (
	fd: number,
	command: number,
	...rest: (string | number)[]
) => number;

const iovec = koffi.struct({ base: 'void *', length: 'size_t' });
const messageHeader = koffi.struct({
	name: 'void *',
	nameLength: 'uint32_t',
	vectors: koffi.pointer(iovec),
	vectorCount: 'size_t',
	control: 'void *',
	controlLength: 'size_t',
	flags: 'int',
});
const receiveCall = library.func('recvmsg', 'long', ['int', koffi.inout(koffi.pointer(messageHeader)), 'int']) as (
	fd: number,
	message: object,
	flags: number,
) => number;

/** `MS_RDONLY | MS_NOSUID | MS_NODEV` of <sys/mount.h>. */
const readOnly = 1 | 2 | 4;
const MNT_DETACH = 2;
const UMOUNT_NOFOLLOW = 8;

const POLLIN = 1;
const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_CMSG_CLOEXEC = 0x4000_0000;

/** Mounts read-only, without set-user-ID and devices. @returns number of the error, 0 for none */
export function mountReadOnly(source: string, target: string, type: string, data: string): number {
	return mountCall(source, target, type, readOnly, data) === 0 ? 0 : koffi.errno();
}

/** On another thread: the kernel may ask the process that serves the mount meanwhile. @returns whether it worked */
export function unmountAt(path: string, lazily: boolean): Promise<boolean> {
	const flags = UMOUNT_NOFOLLOW | (lazily ? MNT_DETACH : 0);
	return new Promise((done) => unmountCall.async(path, flags, (_, result) => done(result === 0)));
}

/** Waits, on another thread, until one of the descriptors can be read or is closed at its other end. */
export function waitReadable(...fds: readonly number[]): Promise<void> {
	const asked = askedOf(fds);
	return new Promise((done) => {
		pollCall.async(asked, fds.length, -1, () => {
			// The call writes to the array for as long as it lasts, so that something has to hold it.
			asked.fill(0);
			done();
		});
	});
}

/** Waits here so many milliseconds, for which this process does nothing else. @returns whether one of them can be read */
export function waitHere(milliseconds: number, ...fds: readonly number[]): boolean {
	return pollCall(askedOf(fds), fds.length, milliseconds) > 0;
}

/** An array of `struct pollfd`. */
function askedOf(fds: readonly number[]): Uint8Array {
	const asked = new Uint8Array(8 * fds.length);
	const view = new DataView(asked.buffer);
	for (const [i, fd] of fds.entries()) {
		view.setInt32(8 * i, fd, true);
		view.setInt16(8 * i + 4, POLLIN, true);
	}
	return asked;
}

/** A descriptor that can be read once eight bytes were written to it; undefined when there is none. */
export function eventDescriptor(): number | undefined {
	const fd = eventCall(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return fd < 0 ? undefined : fd;
}

/** Two sockets that are connected to each other; undefined when there are none. */
export function socketPair(): readonly [number, number] | undefined {
	const pair = [-1, -1];
	return pairCall(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) === 0 ? [pair[0]!, pair[1]!] : undefined;
}

export function setNonBlocking(fd: number): boolean {
	const flags = fcntlCall(fd, F_GETFL, 'int', 0);
	return flags >= 0 && fcntlCall(fd, F_SETFL, 'int', flags | O_NONBLOCK) === 0;
}

/** The descriptor that was sent over a socket (SCM_RIGHTS); undefined when none has come. */
export function receiveDescriptor(socket: number): number | undefined {
	const byte = Buffer.alloc(1);
	// A header of a length and two numbers, and the descriptor, each to a multiple of 8 bytes.
	const control = Buffer.alloc(24);
	const message = {
		name: null,
		nameLength: 0,
		vectors: [{ base: byte, length: 1 }],
		vectorCount: 1,
		control,
		controlLength: control.length,
		flags: 0,
	};
	if (receiveCall(socket, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) return undefined;
	const [length, level, type] = [control.readUInt32LE(0), control.readInt32LE(8), control.readInt32LE(12)];
	return length >= 20 && level === SOL_SOCKET && type === SCM_RIGHTS ? control.readInt32LE(16) : undefined;
}
