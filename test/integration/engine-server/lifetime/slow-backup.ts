import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { EngineClient } from '../../../../src/extension/engine/engine-client.ts';
import type { JobProgress } from '../../../../src/protocol/jobs.ts';
import { definitionText } from '../../../support/definition-text.ts';
import { ext4From, makeRawDisk } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** A raw disk of ext4 with 20 MB. Importing this module makes it before the tests of a file. */
let folder: string;
let disk: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-lifetime-'));
	const content = join(folder, 'content');
	await run('mkdir', [content]);
	await run('dd', ['if=/dev/urandom', `of=${join(content, 'file')}`, 'bs=1M', 'count=20', 'status=none']);
	disk = join(folder, 'disk.img');
	await makeRawDisk(disk, 'gpt', 64, [{ start: 1, size: 48, type: 'L', make: ext4From(content) }]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function definition(more = ''): { definition: string; images: string } {
	const home = tempFolder();
	const images = join(home, 'images');
	mkdirSync(images);
	const path = join(home, 'disk.xml');
	writeFileSync(path, definitionText({ sources: `<raw_file path="${disk}"/>`, folder: images, more }));
	return { definition: path, images };
}

/** Makes a backup take ten seconds, so that it can be interrupted. */
export const slowly = '<rate_limit>2048</rate_limit>';

/** Settles at the first progress with something done. */
export function underWay(client: EngineClient, id: string): Promise<JobProgress> {
	return new Promise((done) => {
		const stop = client.on('jobs/progress', (event) => {
			if (event.id !== id || event.progress.writtenBytes === 0) return;
			stop();
			done(event.progress);
		});
	});
}
