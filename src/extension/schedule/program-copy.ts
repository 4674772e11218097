import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { digestOf } from './systemd.ts';
import type { Program } from './program.ts';

/** A program as schedules start it, and what has to be copied for it. */
export interface PlacedProgram {
	readonly program: Program;
	/** Folder that is made of the files and folders in `from`; undefined where the program is run in its place. */
	readonly copy: { readonly to: string; readonly from: readonly string[] } | undefined;
}

/** What of the extension's programs the command line needs. */
const needed = /\.mjs$|^native$|^node_modules$|^THIRD-PARTY/;

/**
 * Where schedules start the program: a copy of its own for each version, since an update of VS Code or of the extension
 * takes the files away that a schedule was given. A checkout, which has its dependencies elsewhere, and
 * what is on another computer, is run in its place.
 * @param folder of the copies
 */
export async function placeProgram(program: Program, folder: string, version: string): Promise<PlacedProgram> {
	const dist = dirname(program.script);
	if (!existsSync(program.script) || !existsSync(join(dist, 'node_modules'))) return { program, copy: undefined };
	const to = join(folder, `${version}-${digestOf(readFileSync(program.script)).slice(0, 8)}`);
	const parts = (await readdir(dist)).filter((name) => needed.test(name)).map((name) => join(dist, name));
	// Node comes with the server of VS Code and goes with it; Electron is not one file, and stays where it was installed.
	const ownRuntime = !program.electron && program.runtime.startsWith(homedir() + sep);
	return {
		program: {
			...program,
			script: join(to, basename(program.script)),
			runtime: ownRuntime ? join(to, basename(program.runtime)) : program.runtime,
		},
		copy: { to, from: ownRuntime ? [...parts, program.runtime] : parts },
	};
}

/** How often the finished copy is tried to be named, a tenth of a second apart: virus scanners look into new programs. */
const attempts = process.platform === 'win32' ? 100 : 1;

/**
 * Makes the copy, if it is not there; one that was not finished bears another name.
 * @param move renames a folder; Windows refuses that as long as anybody has a file in it open
 */
export async function copyProgram({ copy }: PlacedProgram, move = rename, tries = attempts): Promise<void> {
	if (copy === undefined || existsSync(copy.to)) return;
	const made = `${copy.to}.new`;
	await rm(made, { recursive: true, force: true });
	await mkdir(made, { recursive: true });
	for (const path of copy.from) await cp(path, join(made, basename(path)), { recursive: true, dereference: true });
	for (let left = tries; ; left--) {
		try {
			return await move(made, copy.to);
		} catch (error) {
			const { code = '' } = error as NodeJS.ErrnoException;
			if (left <= 1 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
			await new Promise((again) => setTimeout(again, 100));
		}
	}
}

/** Removes copies that no schedule starts any more. @param mentioned whatever names files that schedules start */
export async function removeUnusedPrograms(folder: string, mentioned: readonly string[]): Promise<void> {
	for (const name of await readdir(folder).catch(() => [])) {
		const path = join(folder, name);
		if (!mentioned.some((text) => text.includes(path + sep))) await rm(path, { recursive: true, force: true });
	}
}
