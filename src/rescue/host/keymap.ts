import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runProgram } from './tools.ts';

/** Where Debian and Ubuntu keep the map of the keyboard that was set up. */
const cacheFolder = '/etc/console-setup';

/**
 * The map of this machine's keyboard in the form of busybox's loadkmap: who types a password on the rescue medium shall find its
 * characters where he is used to.
 * @returns undefined where none is set up, or nothing here can write that form
 */
export async function ownKeymap(signal: AbortSignal): Promise<Uint8Array | undefined> {
	const loadkeys = findProgram('loadkeys');
	const map = keymapName();
	if (loadkeys === undefined || map === undefined) return undefined;
	try {
		return await runProgram(loadkeys.path, ['--unicode', '--bkeymap', map], signal);
	} catch (error) {
		if (signal.aborted) throw error;
		return undefined;
	}
}

/** A file, or a name that loadkeys knows. */
function keymapName(): string | undefined {
	if (existsSync(cacheFolder)) {
		const cached = readdirSync(cacheFolder).find((name) => /^cached.*\.kmap\.gz$/.test(name));
		if (cached !== undefined) return join(cacheFolder, cached);
	}
	if (!existsSync('/etc/vconsole.conf')) return undefined;
	return /^KEYMAP="?([\w.@-]+)"?$/m.exec(readFileSync('/etc/vconsole.conf', 'utf8'))?.[1];
}
