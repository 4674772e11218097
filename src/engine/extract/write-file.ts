import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { constants } from 'node:fs';
import { link, lstat, lutimes, rename, rm, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import { systemPhrase } from '../../base/system-phrase.ts';
import type { BufferPool } from '../buffer-pool.ts';
import type { AttributePort } from '../ports.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';
import { Turns } from '../turns.ts';
import { asNotTaken, NotTaken } from './not-taken.ts';
import { openItself, type FactSetter, type Facts } from './fact-setter.ts';
import type { TargetFolder } from './target-folder.ts';
import { systemTime } from './system-time.ts';

const open = promisify(fs.open);
const write = promisify(fs.write);
const ftruncate = promisify(fs.ftruncate);
const fstat = promisify(fs.fstat);
const close = promisify(fs.close);

/** Bytes that are read at once. */
export const pieceBytes = 2 ** 20;
/** So many zeros in their place are left out: the file is sparse there, where its file system has that. */
const holeBytes = 65_536;
const zeros = new Uint8Array(holeBytes);
/** A file of so many bytes is told first not to be taken by the file system: to read them, holes most of them, takes long. */
const largeBytes = 2 ** 40;

export interface CopyOptions {
	readonly overwrite: boolean;
	readonly signal: AbortSignal;
	/** Of {@link pieceBytes}. */
	readonly buffers: BufferPool;
	readonly setter: FactSetter;
	/** Whether further names of it may follow. */
	readonly shared: boolean;
	/** Hears how many bytes were read, and how many of them written. */
	readonly onBytes: (read: number, written: number) => void;
}

/** A file or link that was written, to make further names of. */
export interface Written {
	readonly path: string;
	/** What tells it from any other that has come to its place, as far as the system has that. */
	readonly stat: fs.BigIntStats;
}

/**
 * Writes a file under a name of its own, which it has until it is whole; after an error nothing of it is there.
 * @returns what it takes to make further names of it, where these may follow
 * @throws AfterimageError what `source` throws; `cancelled`, `no-space`, `write-error`, `permission-denied`
 * @throws NotTaken where the file system takes no such name or no such size, or the name is there already
 */
export async function copyFile(
	source: ByteSource,
	folder: TargetFolder,
	name: string,
	facts: Facts,
	options: CopyOptions,
): Promise<Written | undefined> {
	return underOwnName(folder, name, options.overwrite, async (part) => {
		const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
		const fd = await open(part, flags, facts.mode === undefined ? 0o666 : 0o600);
		try {
			if (folder.givesList && facts.mode !== undefined) options.setter.removeLists(fd);
			if (source.size >= largeBytes) await ftruncate(fd, source.size);
			if ((await copyBytes(source, fd, options)) < source.size) await ftruncate(fd, source.size);
			await options.setter.set(fd, facts, folder.owner);
			return options.shared ? { path: folder.later(name), stat: await fstat(fd, { bigint: true }) } : undefined;
		} finally {
			await close(fd);
		}
	});
}

/** Makes a symbolic link. @throws as {@link copyFile} */
export async function makeLink(
	target: string,
	folder: TargetFolder,
	name: string,
	facts: Facts,
	{ overwrite, setter, shared }: Pick<CopyOptions, 'overwrite' | 'setter' | 'shared'>,
): Promise<Written | undefined> {
	const { modified } = facts;
	return underOwnName(folder, name, overwrite, async (part) => {
		await symlink(target, part);
		await setter.setLink(part, facts);
		if (modified !== undefined) await lutimes(part, systemTime(modified), systemTime(modified));
		return shared ? { path: folder.later(name), stat: await lstat(part, { bigint: true }) } : undefined;
	});
}

/**
 * Makes a further name of what was written. Whatever else has come to its place gets none.
 * @param port undefined where the system has none
 * @returns why there is none, as the system calls it or in words; undefined when it is there
 * @throws as {@link copyFile}
 */
export async function linkFile(
	first: Written,
	folder: TargetFolder,
	name: string,
	overwrite: boolean,
	port: AttributePort | undefined,
): Promise<string | undefined> {
	let linked = '';
	try {
		await underOwnName(folder, name, overwrite, async (part) => {
			await nameAgain(first, part, port);
			linked = part;
		});
		// Where the file had that name already, moving the new one there has done nothing.
		await rm(linked, { force: true }).catch(() => undefined);
		return undefined;
	} catch (error) {
		if (error instanceof NotLinked) return error.message;
		throw error;
	}
}

class NotLinked extends Error {}

/** @throws NotLinked */
async function nameAgain({ path, stat }: Written, part: string, port: AttributePort | undefined): Promise<void> {
	const failed = (error: unknown) => {
		throw new NotLinked(systemCode(error) ?? 'EIO');
	};
	if (port === undefined) {
		await link(path, part).catch(failed);
		if (!isSame(stat, await lstat(part, { bigint: true }))) throw new NotLinked('ENOENT');
		return;
	}
	// What has come to its place gets no name in the folder even for a moment, in which it could be kept there.
	const fd = await open(path, openItself | (constants.O_NOFOLLOW ?? 0)).catch(failed);
	try {
		const refusal = isSame(stat, await fstat(fd, { bigint: true })) ? port.link(fd, part) : 'ENOENT';
		if (refusal !== undefined) throw new NotLinked(refusal);
	} finally {
		await close(fd);
	}
}

/** Numbers of files are used again; times of birth are not. Where none is kept, that of the last change stands for it. */
function isSame(first: fs.BigIntStats, now: fs.BigIntStats): boolean {
	const unborn = first.birthtimeNs === first.ctimeNs && now.birthtimeNs === now.ctimeNs;
	return first.dev === now.dev && first.ino === now.ino && (first.birthtimeNs === now.birthtimeNs || unborn);
}

async function underOwnName<T>(
	folder: TargetFolder,
	name: string,
	overwrite: boolean,
	make: (part: string) => Promise<T>,
): Promise<T> {
	const path = join(folder.path, name);
	const part = folder.at(`.afterimage-${randomBytes(8).toString('hex')}.part`);
	const target = folder.at(name);
	try {
		const made = await make(part);
		if (overwrite) await rename(part, target);
		else await moveToNew(part, target);
		return made;
	} catch (error) {
		await rm(part, { force: true }).catch(() => undefined);
		throw failure(error, path);
	}
}

/** Whether a further name is one of what is named, be it a link. */
const linksItself = process.platform === 'linux';
/** What is said to one where it cannot be; EIO by rclone. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EIO'];

/**
 * Gives what is whole its own name unless that is taken: as a further name, of which no system makes two. Where there are
 * none, somebody may take the name between the look at it and the move.
 * @throws NotTaken when it is taken
 */
async function moveToNew(part: string, target: string): Promise<void> {
	if (linksItself) {
		try {
			await link(part, target);
			return await unlink(part);
		} catch (error) {
			const code = systemCode(error) ?? '';
			if (code === 'EEXIST') throw new NotTaken('it is there already');
			if (!withoutLinks.includes(code)) throw error;
		}
	}
	if (await isThere(target)) throw new NotTaken('it is there already');
	await rename(part, target);
}

async function isThere(path: string): Promise<boolean> {
	try {
		await lstat(path);
		return true;
	} catch (error) {
		if (systemCode(error) === 'ENOENT') return false;
		throw error;
	}
}

/** Writes a piece while the next is read. @returns the byte behind the last that was written */
async function copyBytes(source: ByteSource, fd: number, options: CopyOptions): Promise<number> {
	const { signal, buffers, onBytes } = options;
	const { size } = source;
	const turns = new Turns();
	let end = 0;
	let writing = Promise.resolve();
	const writePiece = async (piece: Uint8Array, at: number) => {
		let written = 0;
		for (const [from, to] of stretchesOf(piece)) {
			await writeFully(fd, piece.subarray(from, to), at + from);
			written += to - from;
			end = at + to;
		}
		onBytes(piece.length, written);
	};
	try {
		const used = Array.from({ length: Math.min(2, Math.ceil(size / pieceBytes)) }, () => buffers.take(pieceBytes));
		for (let at = 0; at < size; at += pieceBytes) {
			// What is no more than a hole waits for nothing.
			await turns.pause(signal);
			const piece = used[(at / pieceBytes) % 2]!.subarray(0, Math.min(pieceBytes, size - at));
			await source.read(at, piece);
			await writing;
			writing = writePiece(piece, at);
			// It is heard when the next piece has been read.
			writing.catch(() => undefined);
		}
		await writing;
		// Not after an error: what was reading into them might go on.
		for (const buffer of used) buffers.release(buffer);
	} finally {
		// The descriptor is closed next.
		await writing.catch(() => undefined);
	}
	return end;
}

/** The stretches of a piece that have bytes other than zero in each of their parts of {@link holeBytes}. */
function stretchesOf(piece: Uint8Array): [from: number, to: number][] {
	const stretches: [number, number][] = [];
	for (let at = 0; at < piece.length; at += holeBytes) {
		const part = piece.subarray(at, at + holeBytes);
		if (Buffer.compare(part, zeros.subarray(0, part.length)) === 0) continue;
		const last = stretches.at(-1);
		if (last?.[1] === at) last[1] = at + part.length;
		else stretches.push([at, at + part.length]);
	}
	return stretches;
}

async function writeFully(fd: number, bytes: Uint8Array, position: number): Promise<void> {
	for (let done = 0; done < bytes.length;) {
		const { bytesWritten } = await write(fd, bytes, done, bytes.length - done, position + done);
		done += bytesWritten;
	}
}

function failure(error: unknown, path: string): unknown {
	const code = systemCode(error);
	if (error instanceof AfterimageError || code === undefined) return error;
	if (code === 'ENOSPC' || code === 'EDQUOT') {
		return new AfterimageError('no-space', `${path}: the file system is full`, {
			advice: 'Free some space there or choose another folder. What was extracted before is there.',
			details: { path },
			cause: error,
		});
	}
	if (code === 'EIO') {
		return new AfterimageError('write-error', `${path} cannot be written: ${systemPhrase(error)}`, {
			details: { path },
			cause: error,
		});
	}
	return asNotTaken(error) ?? openFailure(error, path, 'destination-missing');
}
