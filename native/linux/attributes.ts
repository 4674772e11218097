import { getSystemErrorName } from 'node:util';
import koffi from 'koffi';
import type { AttributePort } from '../../src/engine/ports.ts';

/** Made synchronously, since errno counts; see libc.ts. */
const library = koffi.load(null);

const fsetxattr = library.func(
	'int fsetxattr(int fd, const uint8_t *name, const uint8_t *value, size_t size, int flags)',
) as (fd: number, name: Uint8Array, value: Uint8Array, size: number, flags: number) => number;
const setxattr = library.func(
	'int setxattr(const char *path, const uint8_t *name, const uint8_t *value, size_t size, int flags)',
) as (path: string, name: Uint8Array, value: Uint8Array, size: number, flags: number) => number;
const fremovexattr = library.func('int fremovexattr(int fd, const uint8_t *name)') as (
	fd: number,
	name: Uint8Array,
) => number;
const fgetxattr = library.func('long fgetxattr(int fd, const uint8_t *name, uint8_t *value, size_t size)') as (
	fd: number,
	name: Uint8Array,
	value: null,
	size: number,
) => number;
const linkat = library.func(
	'int linkat(int fromFolder, const char *from, int toFolder, const char *to, int flags)',
) as (fromFolder: number, from: string, toFolder: number, to: string, flags: number) => number;

const AT_FDCWD = -100;
const AT_SYMLINK_FOLLOW = 0x400;

export const linuxAttributes: AttributePort = {
	set: (fd, name, value) => failureOf(fsetxattr(fd, terminated(name), value, value.length, 0)),
	// The path leads to the link itself, which was opened without being followed.
	setOfLink: (fd, name, value) => failureOf(setxattr(`/proc/self/fd/${fd}`, terminated(name), value, value.length, 0)),
	remove: (fd, name) => void fremovexattr(fd, terminated(name)),
	has: (fd, name) => fgetxattr(fd, terminated(name), null, 0) >= 0,
	// What is followed is the link of /proc alone, not one that is open.
	link: (fd, path) => failureOf(linkat(AT_FDCWD, `/proc/self/fd/${fd}`, AT_FDCWD, path, AT_SYMLINK_FOLLOW)),
};

function failureOf(result: number): string | undefined {
	return result === 0 ? undefined : getSystemErrorName(-koffi.errno());
}

function terminated(name: string): Uint8Array {
	return Buffer.from(`${name}\0`, 'latin1');
}
