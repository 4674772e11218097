import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expectFolder } from './expect-path.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from './system-errors.ts';

/**
 * Makes a folder with those above it, where they are not there. Node's recursive mkdir never ends where a folder is there in
 * which the system makes none, such as `/proc`, and does so in a thread that nothing cancels.
 * @throws AfterimageError `destination-missing` where something else is there, `permission-denied`, `no-space`, `failed`
 */
export async function makeFolders(path: string): Promise<void> {
	try {
		await make(path);
	} catch (error) {
		throw openFailure(error, path, 'destination-missing');
	}
	expectFolder(path, 'destination-missing');
}

async function make(path: string): Promise<void> {
	if (existsSync(path)) return;
	if (dirname(path) !== path) await make(dirname(path));
	await mkdir(path).catch((error: unknown) => {
		if (systemCode(error) !== 'EEXIST') throw error;
	});
}
