import { closeSync, constants, openSync } from 'node:fs';
import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { FolderMount, MountPort } from '../../../src/engine/ports/mount-port.ts';
import { runProgram } from '../programs.ts';
import { mountReadOnly, receiveDescriptor, setNonBlocking, socketPair, unmountAt } from './calls.ts';
import { FuseConnection, mountAt, type Unmounter } from './connection.ts';

const device = '/dev/fuse';
const kind = 'fuse.afterimage';
const helper = 'fusermount3';

/** Mounts by the kernel's FUSE: root by mount(2), others by the program that is allowed to. */
export const linuxMounts: MountPort = {
	mount: (folder, source) => (isRoot() ? mountAsRoot(folder, source) : mountByHelper(folder, source)),
	async detachDead(folder) {
		if (mountAt(folder)?.fileSystem !== kind) return false;
		return isRoot() ? unmountAt(folder, true) : unmountByHelper(folder, true);
	},
};

function isRoot(): boolean {
	return process.getuid?.() === 0;
}

/** The kernel compares modes, owners and access lists with who asks, and lets everybody in. */
async function mountAsRoot(folder: string, source: string): Promise<FolderMount> {
	const fd = openDevice();
	let target: number | undefined;
	try {
		// By a descriptor: whoever may write to a folder above could put a link into its place.
		target = openSync(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW);
		const data = `fd=${fd},rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other`;
		const error = mountReadOnly(source, `/proc/self/fd/${target}`, kind, data);
		if (error !== 0) throw mountFailure(folder, error);
		return new FuseConnection(fd, folder, true, unmountAt);
	} catch (error) {
		closeSync(fd);
		throw error;
	} finally {
		if (target !== undefined) closeSync(target);
	}
}

function openDevice(): number {
	try {
		return openSync(device, constants.O_RDWR | constants.O_NONBLOCK);
	} catch (error) {
		const { code = '' } = error as NodeJS.ErrnoException;
		const absent = ['ENOENT', 'ENODEV', 'ENXIO'].includes(code);
		throw new AfterimageError(
			absent ? 'not-supported' : 'permission-denied',
			absent ? `This system has no ${device}` : `${device} cannot be opened (${code})`,
			{ advice: 'Load the module of the kernel with modprobe fuse; a container has to be given the device.' },
		);
	}
}

function mountFailure(folder: string, error: number): AfterimageError {
	const name = getSystemErrorName(-error);
	const denied = name === 'EPERM' || name === 'EACCES';
	return new AfterimageError(
		denied ? 'permission-denied' : 'failed',
		`Nothing can be mounted at ${folder}: ${getSystemErrorMessage(-error)}`,
		{
			details: { folder, system: name },
			...(denied ? { advice: 'In a container, root needs the capability SYS_ADMIN for it.' } : {}),
		},
	);
}

/**
 * The program opens the device, mounts, and sends the descriptor over a socket. Nobody but the user gets in then, so that
 * he may read all of it, as he may read all of the image.
 */
async function mountByHelper(folder: string, source: string): Promise<FolderMount> {
	const pair = socketPair();
	if (pair === undefined) throw new AfterimageError('failed', 'Too many files are open to mount a folder');
	const [ours, theirs] = pair;
	try {
		const options = ['ro', 'nosuid', 'nodev', `fsname=${escaped(source)}`, 'subtype=afterimage'];
		const args = ['-o', options.join(','), '--', folder];
		const ran = await runProgram(helper, args, { descriptor: theirs, variables: { _FUSE_COMMFD: '3' } });
		if (!('output' in ran)) throw helperFailure(folder, ran);
		const fd = receiveDescriptor(ours);
		if (fd === undefined || !setNonBlocking(fd)) {
			await unmountByHelper(folder, true);
			throw new AfterimageError('failed', `${helper} has mounted ${folder} and sent no descriptor of it`);
		}
		return new FuseConnection(fd, folder, false, unmountByHelper);
	} finally {
		closeSync(ours);
		closeSync(theirs);
	}
}

function helperFailure(folder: string, { absent, reason }: { absent: boolean; reason: string }): AfterimageError {
	if (absent) {
		return new AfterimageError('not-supported', `Without root, a folder is mounted by ${helper}, which is not there`, {
			advice: 'Install fuse3 (Debian, Ubuntu, Fedora: the package of that name), or run it as root.',
		});
	}
	return new AfterimageError('failed', `Nothing can be mounted at ${folder}: ${reason}`, {
		advice: 'Choose a folder of your own.',
		details: { folder },
	});
}

const unmountByHelper: Unmounter = async (path, lazily) => {
	const ran = await runProgram(helper, ['-u', '-q', ...(lazily ? ['-z'] : []), '--', path]);
	return 'output' in ran;
};

/** Options of the program are divided by commas. */
function escaped(text: string): string {
	return text.replace(/[\\,]/g, '\\$&');
}
