import { closeSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AfterimageError } from '../base/errors.ts';
import { removeWaiting } from './ports/patient-files.ts';
import { readSmallFile, type SmallFile } from './ports/small-file.ts';
import { systemCode } from '../base/system-code.ts';
import { openFailure, writeFailure } from './ports/system-errors.ts';
import type { Clock, ProcessIdentity, ProcessPort } from './ports.ts';

/** Name of the lock file in a folder of images. */
export const lockName = '.afterimage.lock';

/** A lock whose content never came, or a takeover that stopped half-way, belongs to nobody after this long. */
const graceMilliseconds = 10_000;

/** A lock is far smaller. */
const mostBytes = 64 * 1024;

export interface FolderLock {
	release(): void;
}

interface LockRecord extends ProcessIdentity {
	/** When the run began, ISO 8601. */
	readonly since: string;
	readonly task: string;
}

/**
 * Takes the folder for one run: a file with host, process and start time, made exclusively. The lock of a process that
 * is gone is taken over and said through `onTakeover`.
 * @throws AfterimageError `busy` when its process lives, or may live on another machine
 */
export function lockFolder(
	folder: string,
	task: string,
	processes: ProcessPort,
	clock: Clock,
	onTakeover: (message: string) => void,
): FolderLock {
	const path = join(folder, lockName);
	const own: LockRecord = { ...processes.self(), since: new Date(clock.now()).toISOString(), task };
	for (let attempt = 0; attempt < 3; attempt++) {
		if (create(path, own)) {
			dropLeftMarker(path, processes, clock);
			return { release: () => release(path, own) };
		}
		const holder = readLock(path, clock);
		if (holder === 'gone') continue;
		if (holder !== 'abandoned' && processes.isAlive(holder) !== false) throw busy(folder, path, holder, processes);
		takeOver(path, holder, processes, clock, onTakeover);
	}
	throw new AfterimageError('busy', `Another run keeps taking ${folder}`, { details: { folder } });
}

function create(path: string, record: LockRecord): boolean {
	let fd: number;
	try {
		fd = openSync(path, 'wx', 0o644);
	} catch (error) {
		if (systemCode(error) === 'EEXIST') return false;
		throw openFailure(error, path, 'destination-missing');
	}
	try {
		writeLock(fd, record);
		return true;
	} catch (error) {
		removeQuietly(path);
		throw writeFailure(error, path, 0);
	}
}

/** A share may refuse only as the file is closed what it has taken. */
function writeLock(fd: number, record: LockRecord): void {
	try {
		writeSync(fd, `${JSON.stringify(record)}\n`);
		fsyncSync(fd);
	} catch (error) {
		closeSync(fd);
		throw error;
	}
	closeSync(fd);
}

/** @throws AfterimageError where the folder lets nothing be removed */
function removeOwn(path: string): void {
	try {
		removeWaiting(path);
	} catch (error) {
		throw openFailure(error, path, 'destination-missing');
	}
}

/** What made it fail is told, not that it stays, which has the same reason: the next run takes it over. */
function removeQuietly(path: string): void {
	try {
		removeWaiting(path);
	} catch {
		// See above.
	}
}

/** `gone`: no lock any more; `abandoned`: a lock without a sound record that is older than the grace. */
function readLock(path: string, clock: Clock): LockRecord | 'gone' | 'abandoned' {
	let file: SmallFile | undefined;
	try {
		file = readSmallFile(path, mostBytes);
	} catch (error) {
		if (systemCode(error) === 'ENOENT') return 'gone';
		throw systemCode(error) === 'ELOOP' ? noLock(path) : openFailure(error, path, 'destination-missing');
	}
	if (file === undefined) throw noLock(path);
	const record = parseRecord(file.text);
	if (record !== undefined) return record;
	if (isOld(file.modified, clock)) return 'abandoned';
	throw new AfterimageError('busy', `Another run is just beginning in the folder of ${path}`, {
		advice: 'Wait until it has ended.',
	});
}

/** Whoever may write the folder can put anything there; a pipe would be waited for, and a device read without end. */
function noLock(path: string): AfterimageError {
	return new AfterimageError('busy', `${path}: expected the lock file of a run, found something else`, {
		advice: 'Look at what it is and who has made it, and delete it.',
		details: { path },
	});
}

/** A time that is yet to come is as old as any: the clock was set back since. */
function isOld(modified: number, clock: Clock): boolean {
	return Math.abs(clock.now() - modified) > graceMilliseconds;
}

function parseRecord(text: string): LockRecord | undefined {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== 'object' || value === null) return undefined;
		const { host, pid, started, since, task } = value as Record<string, unknown>;
		if (typeof host !== 'string' || typeof pid !== 'number' || typeof started !== 'string') return undefined;
		return { host, pid, started, since: String(since), task: String(task) };
	} catch {
		return undefined;
	}
}

/** Two runs may find the same dead lock: only the one that makes the marker may remove it, after looking again. */
function takeOver(
	path: string,
	found: LockRecord | 'abandoned',
	processes: ProcessPort,
	clock: Clock,
	onTakeover: (message: string) => void,
): void {
	const marker = markerOf(path);
	dropLeftMarker(path, processes, clock);
	if (!create(marker, { ...processes.self(), since: '', task: 'takeover' })) return;
	try {
		const again = readLock(path, clock);
		if (again === 'gone') return;
		if (again !== 'abandoned' && processes.isAlive(again) !== false) return;
		removeOwn(path);
		onTakeover(
			found === 'abandoned'
				? `Took over ${path}: it names no process`
				: `Took over ${path}: process ${found.pid} on ${found.host}, which began ${timeText(found.since)}, is gone`,
		);
	} finally {
		removeOwn(marker);
	}
}

/** Made for the time in which a lock is taken over. */
function markerOf(path: string): string {
	return `${path}.takeover`;
}

/** Removes the marker of a run that was killed as it took the lock over, or stopped for long; one that cannot be removed stays. */
function dropLeftMarker(path: string, processes: ProcessPort, clock: Clock): void {
	const marker = markerOf(path);
	try {
		const stat = statSync(marker, { throwIfNoEntry: false });
		if (stat !== undefined && (isOld(stat.mtimeMs, clock) || isOfGone(marker, processes))) removeWaiting(marker);
	} catch {
		// Somebody else's: whoever has a lock to take over is told that the folder is busy.
	}
}

function isOfGone(marker: string, processes: ProcessPort): boolean {
	try {
		const record = parseRecord(readSmallFile(marker, mostBytes)?.text ?? '');
		return record !== undefined && processes.isAlive(record) === false;
	} catch {
		// It was removed just now, or cannot be read: the next attempt tells, or its age.
		return false;
	}
}

/** `2026-03-01 09:15:00` on this machine's clock, as logs have it; what is no time stays as it is. */
function timeText(since: string): string {
	const time = Date.parse(since);
	return Number.isNaN(time) ? since : new Date(time).toLocaleString('sv-SE');
}

function release(path: string, own: LockRecord): void {
	try {
		const record = parseRecord(readSmallFile(path, mostBytes)?.text ?? '');
		if (record?.host === own.host && record.pid === own.pid && record.started === own.started) removeWaiting(path);
	} catch {
		// The folder has gone, and the lock with it.
	}
}

function busy(folder: string, path: string, holder: LockRecord, processes: ProcessPort): AfterimageError {
	const elsewhere = processes.isAlive(holder) === undefined;
	return new AfterimageError(
		'busy',
		`${folder} is in use: ${holder.task} by process ${holder.pid} on ${holder.host} since ${timeText(holder.since)}`,
		{
			advice: elsewhere
				? `Wait until it has ended. If that machine is gone for good, delete ${path}.`
				: 'Wait until it has ended.',
			details: { folder, host: holder.host, pid: holder.pid },
		},
	);
}
