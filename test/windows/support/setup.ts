import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { windowsFolder } from './wine.ts';

/** What test processes leave has their number in its name; they are ended too hard to clear it away themselves. */
const leftPattern = /^(?:(?:dist|use)-)?(\d+)-|^dist-(\d+)$/;

function sweep(): void {
	for (const folder of [windowsFolder, join(windowsFolder, 'scripts')]) {
		for (const name of existsSync(folder) ? readdirSync(folder) : []) {
			const match = leftPattern.exec(name);
			const pid = Number(match?.[1] ?? match?.[2]);
			if (match === null || isAlive(pid)) continue;
			rmSync(join(folder, name), { recursive: true, force: true });
		}
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Before and after the tests of this tier. */
export default function setup(): () => void {
	sweep();
	return sweep;
}
