import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** A folder of its own for one test, removed when the test ends. */
export function tempFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-test-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

export interface TempFolder {
	/** Set while the tests run. */
	readonly path: string;
	/** A path in the folder. */
	file(name: string): string;
	/** An empty folder of this name: what an earlier try of the test left there is removed. */
	folder(name: string): Promise<string>;
}

/** A folder for the tests of this file or `describe`, removed after the last of them. */
export function useTempFolder(): TempFolder {
	let path = '';
	beforeAll(async () => {
		path = await mkdtemp(join(tmpdir(), 'afterimage-test-'));
	});
	afterAll(async () => {
		if (path !== '') await rm(path, { recursive: true, force: true });
	});
	return {
		get path() {
			return path;
		},
		file: (name) => join(path, name),
		folder: async (name) => {
			await rm(join(path, name), { recursive: true, force: true });
			await mkdir(join(path, name));
			return join(path, name);
		},
	};
}
