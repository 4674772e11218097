import { AfterimageError } from '../../../base/errors.ts';
import { initFlag } from './constants.ts';
import { InitIn, InitOut } from './structures.ts';

/** The version that is spoken here, and the oldest of the kernel that has all that is needed (Linux 3.15). */
const spoken = { major: 7, minor: 31 } as const;
const oldestMinor = 23;

/** Bytes of the largest read, in pages of 4 KiB: the most that the kernel lets any file system have. */
export const largestRead = 2 ** 20;
const pageSize = 4096;

/** Reads ahead that the kernel may have in flight, and from how many on it holds further ones back. */
const background = { most: 16, congested: 12 } as const;

/** Smallest size of writes that the kernel knows; there are none. */
const maxWrite = 4096;

/** What the kernel is told of this side. */
export interface Negotiated {
	readonly answer: Uint8Array;
	/** The kernel speaks a newer major version, and asks again when it has heard which one is spoken here. */
	readonly again: boolean;
}

/**
 * Answers INIT.
 * @param accessLists whether the kernel is to hold access lists against who asks
 * @throws AfterimageError `not-supported` for a kernel that is too old, `structure-damaged` for a body that is too short
 */
export function negotiate(body: Uint8Array, accessLists: boolean): Negotiated {
	const { major, minor, maxReadAhead, flags } = new InitIn(body);
	const answer = new Uint8Array(InitOut.size);
	const out = new InitOut(answer);
	out.major = spoken.major;
	out.minor = spoken.minor;
	if (major > spoken.major) return { answer, again: true };
	if (major < spoken.major || minor < oldestMinor) {
		throw new AfterimageError(
			'not-supported',
			`The kernel speaks version ${major}.${minor} of FUSE; ${spoken.major}.${oldestMinor} or newer is needed`,
		);
	}
	const wanted =
		initFlag.asyncRead |
		initFlag.readFolderPlus |
		initFlag.readFolderPlusAuto |
		initFlag.asyncDirect |
		initFlag.parallelFolders |
		initFlag.maxPages |
		initFlag.cacheLinks |
		(accessLists ? initFlag.accessLists : 0);
	out.maxReadAhead = maxReadAhead;
	out.flags = flags & wanted;
	out.maxBackground = background.most;
	out.congestionThreshold = background.congested;
	out.maxWrite = maxWrite;
	out.timeGranularity = 1;
	out.maxPages = largestRead / pageSize;
	return { answer, again: false };
}
