import { accessSync, closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupType } from '../../protocol/backups.ts';
import type { JobOutcome, RunKind, RunningRun, RunRecord } from '../../protocol/jobs.ts';
import type { ProcessIdentity, ProcessPort } from '../ports.ts';
import { byAge, jsonExtension, openExtension, runNamePattern, runTime, textExtension } from './run-lines.ts';

/** Longest first and last line that is looked for, in bytes. */
const windowBytes = 256 * 1024;

/** Runs that are looked at for those that have not ended. */
const newestLooked = 100;

/** Lines of a log among which its later title is looked for. */
const firstLines = 100;

const kinds: readonly RunKind[] = ['backup', 'verify', 'restore', 'merge', 'delete', 'extract', 'serve'];
const types: readonly BackupType[] = ['full', 'diff', 'inc'];
const outcomes: readonly JobOutcome[] = ['success', 'warning', 'failed', 'cancelled'];

/**
 * The newest runs of the folders, newest first, read from the first and last line of their logs. One without an end
 * has failed when its process is gone, and is left out while that lives. What cannot be read is left out.
 * @param now milliseconds since 1970
 */
export function listRuns(folders: readonly string[], limit: number, now: number, processes: ProcessPort): RunRecord[] {
	const runs = newestFirst(folders, now);
	const records: RunRecord[] = [];
	for (const { folder, id } of runs) {
		if (records.length === limit) break;
		const record = readRun(folder, id, processes);
		if (record !== undefined) records.push(record);
	}
	return records;
}

/**
 * Runs of this machine that have not ended, newest first, among the newest of the folders: they are asked for again and again.
 * @param now milliseconds since 1970 @param but this process, whose runs are left out
 */
export function listRunning(
	folders: readonly string[],
	now: number,
	processes: ProcessPort,
	but: Pick<ProcessIdentity, 'pid'> | undefined,
): RunningRun[] {
	return newestFirst(folders, now)
		.slice(0, newestLooked)
		.flatMap(({ folder, id }): RunningRun[] => {
			const read = readStart(folder, id);
			if (read === undefined || parse(read.ends.last)?.['type'] === 'end') return [];
			const process = processOf(read.start['process']);
			if (process === undefined || process.pid === but?.pid || processes.isAlive(process) !== true) return [];
			return [{ ...read.common, title: laterTitle(read.ends.head) ?? read.common.title }];
		});
}

function newestFirst(folders: readonly string[], now: number): { readonly folder: string; readonly id: string }[] {
	return folders
		.flatMap((folder) => runNames(folder).map((id) => ({ folder, id })))
		.sort((a, b) => byAge(a.id, b.id, now));
}

/** What a run that has not ended is called by now; it learns that near its beginning. */
function laterTitle(head: string): string | undefined {
	const lines = head.split('\n', firstLines).map(parse);
	return textOf(lines.findLast((line) => line?.['type'] === 'title')?.['title']);
}

function runNames(folder: string): string[] {
	try {
		return readdirSync(folder)
			.filter((name) => name.endsWith(jsonExtension))
			.map((name) => name.slice(0, -jsonExtension.length))
			.filter((name) => runNamePattern.test(name));
	} catch {
		return [];
	}
}

function readStart(folder: string, id: string) {
	const ends = readEnds(join(folder, id + jsonExtension));
	const start = parse(ends?.first);
	const kind = kinds.find((one) => one === start?.['kind']);
	if (ends === undefined || start?.['type'] !== 'start' || kind === undefined) return undefined;
	const common = {
		id,
		kind,
		title: textOf(start['title']) ?? kind,
		...optional('definition', textOf(start['definition'])),
		...optional('type', textOf(start['backup'])),
		started: timeOf(start['time'], ends.modified),
		logPath: logFor(join(folder, id)),
	};
	return { ends, start, common };
}

function readRun(folder: string, id: string, processes: ProcessPort): RunRecord | undefined {
	const read = readStart(folder, id);
	if (read === undefined) return undefined;
	const { ends, start, common } = read;
	const end = parse(ends.last);
	if (end?.['type'] !== 'end') {
		const process = processOf(start['process']);
		if (process !== undefined && processes.isAlive(process) !== false) return undefined;
		return {
			...common,
			ended: timeOf(end?.['time'], ends.modified),
			outcome: 'failed',
			summary: 'The run did not come to its end: its process was killed, or the computer went down',
			bytesRead: 0,
			bytesWritten: 0,
			files: [],
		};
	}
	const files = Array.isArray(end['files']) ? end['files'].filter((file) => typeof file === 'string') : [];
	return {
		...common,
		title: textOf(end['title']) ?? common.title,
		...optional(
			'made',
			types.find((one) => one === end['made']),
		),
		ended: timeOf(end['time'], ends.modified),
		outcome: outcomes.find((one) => one === end['outcome']) ?? 'failed',
		summary: textOf(end['summary']) ?? '',
		bytesRead: countOf(end['bytesRead']),
		bytesWritten: countOf(end['bytesWritten']),
		files,
	};
}

/**
 * The log for people that this process may read: the whole one, or what everybody may read of it. Where it may read neither
 * its path is told all the same, and opening it says why it cannot be read.
 */
function logFor(path: string): string {
	const [whole, open] = [path + textExtension, path + openExtension];
	return !mayRead(whole) && existsSync(open) ? open : whole;
}

function mayRead(path: string): boolean {
	try {
		accessSync(path, constants.R_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * When the oldest run began that is kept, where older ones were removed; undefined where all are there.
 * @param kept how many a folder keeps
 */
export function knownSince(folders: readonly string[], kept: number): number | undefined {
	const cut = folders.map(runNames).filter((names) => names.length >= kept);
	const oldest = cut.map((names) => names.reduce((first, name) => (name < first ? name : first)));
	return oldest.length === 0 ? undefined : Math.max(...oldest.map(runTime));
}

/** The beginning of a log, its first and last complete line, and when it was last written. */
function readEnds(path: string): { head: string; first: string; last: string; modified: Date } | undefined {
	let fd: number;
	try {
		fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
	} catch {
		return undefined;
	}
	try {
		const stat = fstatSync(fd);
		if (!stat.isFile()) return undefined;
		const read = (at: number): string => {
			const bytes = Buffer.alloc(Math.min(windowBytes, stat.size - at));
			return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, at));
		};
		const head = read(0);
		const tail = stat.size <= windowBytes ? head : read(stat.size - windowBytes);
		const whole = tail.slice(0, tail.lastIndexOf('\n') + 1).trimEnd();
		return {
			head,
			first: head.slice(0, Math.max(0, head.indexOf('\n'))),
			last: whole.slice(whole.lastIndexOf('\n') + 1),
			modified: stat.mtime,
		};
	} catch {
		return undefined;
	} finally {
		closeSync(fd);
	}
}

function parse(line: string | undefined): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(line ?? '');
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
	return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function countOf(value: unknown): number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function timeOf(value: unknown, otherwise: Date): string {
	const time = typeof value === 'string' ? Date.parse(value) : NaN;
	return new Date(Number.isNaN(time) ? otherwise : time).toISOString();
}

function processOf(value: unknown): ProcessIdentity | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { host, pid, started } = value as Record<string, unknown>;
	if (typeof host !== 'string' || typeof pid !== 'number' || typeof started !== 'string') return undefined;
	return { host, pid, started };
}
