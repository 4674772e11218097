import { execFile } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cancelled } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';

/** Programs for administrators are not in the PATH of others, who may run those that are used here all the same. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(
	(folder) => folder.startsWith('/'),
);

/** The longest text that a program here is asked for is the list of firmware of all drivers, some 100 KB. */
const mostOutput = 1 << 24;

/** Path of a program of this machine, as it is found and without links; undefined where it has none of that name. */
export function findProgram(name: string): { readonly path: string; readonly real: string } | undefined {
	for (const folder of folders) {
		const path = join(folder, name);
		try {
			accessSync(path, constants.X_OK);
			if (statSync(path).isFile()) return { path, real: realpathSync(path) };
		} catch {
			// Not in this folder.
		}
	}
	return undefined;
}

/** As {@link findProgram}. @throws AfterimageError `not-supported` that names the package of Debian and Ubuntu */
export function needProgram(name: string, packageName: string): string {
	const found = findProgram(name);
	if (found !== undefined) return found.path;
	throw new AfterimageError('not-supported', `The program ${name} is missing, which a rescue medium is made with`, {
		advice: `Install it (on Debian and Ubuntu: apt-get install ${packageName}).`,
	});
}

/**
 * What a program writes to its standard output.
 * @throws AfterimageError `cancelled` by the signal, `failed` with the last line of what it complained of
 */
export function runProgram(path: string, args: readonly string[], signal: AbortSignal): Promise<Buffer> {
	const env = { PATH: folders.join(delimiter), LC_ALL: 'C' };
	return new Promise((resolve, reject) => {
		const options = { env, signal, maxBuffer: mostOutput, encoding: 'buffer' as const };
		execFile(path, [...args], options, (error, stdout, stderr) => {
			if (error === null) return resolve(stdout);
			if (signal.aborted) return reject(cancelled());
			const said = stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
			reject(new AfterimageError('failed', `${path} failed${said === '' ? '' : `: ${said}`}`, { cause: error }));
		});
	});
}
