import { close, closeSync, open, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import { readFlags } from '../../image/file-source.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';

/** Descriptors that must be left when all are held: for threads that start, a target, and other work of the process. */
const spare = 64;

/** Image files that the threads of a pool read from. */
export interface HeldFiles {
	/** Undefined: there are too few descriptors for all, so that threads open the file while they read from it. */
	fdOf(path: string): number | undefined;
	/** Call it when no thread reads any more. */
	close(): Promise<void>;
}

/**
 * Opens files for reading, each once, so that they can be read to the end though somebody removes them meanwhile. Where
 * the process may not have that many open, it holds none of them.
 * @throws AfterimageError `file-missing`, `permission-denied` or `failed` naming the file
 */
export async function holdFiles(paths: Iterable<string>): Promise<HeldFiles> {
	const held = new Map<string, number>();
	const release = async () => {
		for (const fd of held.values()) await promisify(close)(fd);
		held.clear();
	};
	for (const path of new Set(paths)) {
		try {
			held.set(path, await promisify(open)(path, readFlags));
		} catch (error) {
			await release();
			if (!isExhausted(error)) throw openFailure(error, path, 'file-missing');
			break;
		}
	}
	if (!canOpen(spare)) await release();
	return { fdOf: (path) => held.get(path), close: release };
}

function canOpen(count: number): boolean {
	const opened: number[] = [];
	try {
		while (opened.length < count) opened.push(openSync(devNull, 'r'));
		return true;
	} catch (error) {
		if (!isExhausted(error)) throw openFailure(error, devNull, 'file-missing');
		return false;
	} finally {
		opened.forEach(closeSync);
	}
}

/** Whether the process, or the whole system, has as many files open as it may. */
function isExhausted(error: unknown): boolean {
	return ['EMFILE', 'ENFILE'].includes(systemCode(error) ?? '');
}
