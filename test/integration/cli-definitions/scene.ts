import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { RunRecord } from '../../../src/protocol/jobs.ts';
import { afterimageResult } from '../../support/cli.ts';
import { definitionText } from '../../support/definition-text.ts';
import { ext4From, makeRawDisk } from '../../support/raw-disk.ts';

/** A folder for definitions, settings and history, and a disk. Importing this module makes them before the tests of a file. */
export let folder: string;
export let disk: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-definitions-'));
	process.env['AFTERIMAGE_DATA'] = join(folder, 'data');
	process.env['AFTERIMAGE_CONFIG'] = join(folder, 'config');
	mkdirSync(join(folder, 'config'));
	const content = join(folder, 'content');
	mkdirSync(content);
	writeFileSync(join(content, 'file'), Buffer.alloc(2_000_000, 'afterimage'));
	disk = join(folder, 'disk.img');
	await makeRawDisk(disk, 'gpt', 48, [
		{ start: 1, size: 24, type: 'L', make: ext4From(content) },
		{ start: 26, size: 16, type: 'L', make: ext4From(content) },
	]);
});

afterAll(() => {
	delete process.env['AFTERIMAGE_DATA'];
	delete process.env['AFTERIMAGE_CONFIG'];
	rmSync(folder, { recursive: true, force: true });
});

interface Written {
	readonly path: string;
	readonly images: string;
	readonly home: string;
}

let written = 0;

/** A definition in a folder of its own, with a folder for its images. */
export function definition(more = '', sources = `<raw_file path="${disk}"/>`): Written {
	const home = join(folder, `definition-${++written}`);
	const images = join(home, 'images');
	mkdirSync(images, { recursive: true });
	const path = join(home, 'disk.xml');
	writeFileSync(path, definitionText({ sources, folder: images, more }));
	return { path, images, home };
}

/** A shell script; gives its path. */
export function script(home: string, name: string, text: string, mode = 0o755): string {
	const path = join(home, name);
	writeFileSync(path, `#!/bin/sh\n${text}\n`);
	chmodSync(path, mode);
	return path;
}

/** The newest run of the history. */
export async function lastRun(): Promise<RunRecord> {
	const { runs } = await afterimageResult<{ runs: RunRecord[] }>(['runs', '--limit', '1']);
	return runs[0]!;
}
