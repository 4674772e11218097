import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { tool } from './disks.ts';

/** Runs the command line of the installed extension; gives what it printed. */
export function afterimage(...args: readonly string[]): string {
	const extensions = inject('extensions');
	const installed = readdirSync(extensions).find((name) => name.startsWith('afterimage.'))!;
	return tool(process.execPath, join(extensions, installed, 'dist/afterimage.mjs'), ...args);
}

/** Makes an image of a disk; gives its path. */
export function makeImage(disk: string, folder: string, ...options: readonly string[]): string {
	const lines = afterimage('image', disk, '--to', folder, '--json', ...options)
		.trim()
		.split('\n');
	const results = lines.map((line) => JSON.parse(line) as { type: string; files?: string[] });
	return results.find(({ type }) => type === 'result')!.files![0]!;
}
