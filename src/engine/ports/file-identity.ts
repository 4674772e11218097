import { statSync, type BigIntStats } from 'node:fs';
import type { DiskDevice } from './disk-port.ts';

/**
 * What tells a file from every other of this machine, whatever paths lead to it, as long as it is there: a path may lead to
 * another file at any time where others may write its folder.
 */
export function fileIdentity({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
	// The serial number of a volume of Windows has 32 bits, or 64 of which these are the lower, by the call that is asked.
	return `${process.platform === 'win32' ? BigInt.asUintN(32, dev) : dev}:${ino}`;
}

/** Whether a path leads to the device or raw file, through links or under another of its names too. */
export function leadsTo(path: string, { path: own, identity }: Pick<DiskDevice, 'path' | 'identity'>): boolean {
	if (path === own) return true;
	if (identity === undefined) return false;
	try {
		return fileIdentity(statSync(path, { bigint: true })) === identity;
	} catch {
		return false;
	}
}
