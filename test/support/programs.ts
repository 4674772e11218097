import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

declare module 'vitest' {
	interface ProvidedContext {
		/** Folder of the programs of this project as they are shipped; a tier's setup makes it. */
		programs: string;
	}
}

const root = resolve(import.meta.dirname, '../..');

/** Builds the programs into a folder. @throws Error with what the build said */
export function buildPrograms(folder: string): void {
	// The compilers of the native parts take longer than all else; the build makes them anew where they are older than their sources.
	const native = join(root, 'dist/native');
	if (existsSync(native)) cpSync(native, join(folder, 'native'), { recursive: true, preserveTimestamps: true });
	const { status, stderr } = spawnSync(process.execPath, ['esbuild.mjs', `--outdir=${folder}`], {
		cwd: root,
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(`The programs could not be built:\n${stderr}`);
}
